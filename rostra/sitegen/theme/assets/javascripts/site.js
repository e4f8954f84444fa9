// What a page needs besides its text: a copy button beside each code, tables that scroll, the way to
// the other language. What the visitor's clock says is in when.js.
(() => {
  const language = document.documentElement.lang;

  const words = language === "zh" ? { copy: "复制", copied: "已复制" } : { copy: "Copy", copied: "Copied" };

  // What scrolls sideways can be reached by keyboard.
  for (const code of document.querySelectorAll("pre > code")) {
    if (code.scrollWidth > code.clientWidth) code.tabIndex = 0;
  }
  // The words over a table that is wider than its box, also after the phone was turned.
  for (const words of document.querySelectorAll("[data-sideways]")) {
    const box = words.nextElementSibling;
    new ResizeObserver(() => (words.hidden = box.scrollWidth <= box.clientWidth)).observe(box);
  }
  // The page in the other language, with the settings that its address holds here.
  for (const link of document.querySelectorAll(".site-tools a[hreflang]")) {
    link.addEventListener("click", () => { link.search = location.search; });
  }
  for (const code of document.querySelectorAll(".highlight:not(.doc-signature) pre > code, .cite pre > code")) {
    code.parentElement.before(Rostra.copyButton(code, words));
  }
})();
