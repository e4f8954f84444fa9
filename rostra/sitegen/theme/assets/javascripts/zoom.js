// Pictures of articles open large. Each is a link to its file, which is what happens without this.
// The browser's own dialog holds the keyboard, closes on Escape and gives the focus back.
"use strict";
(() => {
  const chinese = document.documentElement.lang === "zh";
  const words = chinese ? { close: "关闭", picture: "图片" } : { close: "Close", picture: "Picture" };

  const make = (name, ...children) => {
    const element = document.createElement(name);
    element.append(...children);
    return element;
  };
  const picture = make("img"), caption = make("figcaption"), close = make("button", words.close);
  const form = make("form", close), figure = make("figure", picture, caption);
  const dialog = make("dialog", form, figure);
  form.method = "dialog";
  dialog.className = "zoomed";

  const open = (link) => {
    const small = link.querySelector("img");
    const told = link.closest("figure")?.querySelector("figcaption")?.textContent.trim() ?? small.alt;
    picture.src = link.href;
    picture.alt = small.alt;
    caption.textContent = told;
    dialog.setAttribute("aria-label", told || words.picture);
    dialog.classList.toggle("is-pixels", getComputedStyle(small).imageRendering === "pixelated");
    dialog.showModal();
  };

  for (const link of document.querySelectorAll("a.zoom")) {
    link.setAttribute("aria-haspopup", "dialog");
    link.addEventListener("click", (event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      open(link);
    });
  }
  dialog.addEventListener("click", (event) => { if (event.target !== close) dialog.close(); });
  dialog.addEventListener("close", () => picture.removeAttribute("src"));
  document.body.append(dialog);
})();
