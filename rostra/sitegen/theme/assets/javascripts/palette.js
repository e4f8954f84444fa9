// Runs before the page is drawn, so that a dark page never flashes white.
// The key is Material's own; the demo in the page reads it too.
(() => {
  const KEY = "/.__palette";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY))?.color?.scheme;
    } catch {
      return undefined; // no storage, or not ours
    }
  };
  const scheme = () => kept() ?? (dark.matches ? "slate" : "default");
  const show = () => { document.body.dataset.mdColorScheme = scheme(); };
  const swap = () => {
    const next = scheme() === "slate" ? "default" : "slate";
    try {
      localStorage.setItem(KEY, JSON.stringify({ color: { scheme: next } }));
    } catch {
      document.body.dataset.mdColorScheme = next; // for this page only
      return;
    }
    show();
  };
  document.documentElement.classList.replace("no-js", "js");
  show();
  dark.addEventListener("change", show);
  addEventListener("storage", show);
  addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll(".theme")) button.addEventListener("click", swap);
  });
})();
