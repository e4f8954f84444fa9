// Inside a demo's frame, first of all: the page's language, and its colours, now and when they change.
"use strict";
(() => {
  const root = document.documentElement;
  const host = window === parent ? null : parent.document; // of the same origin
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const colour = () => {
    const scheme = host?.body.dataset.mdColorScheme ?? (dark.matches ? "slate" : "default");
    root.dataset.mdColorScheme = scheme;
    document.body?.classList.toggle("dark", scheme === "slate");
  };

  root.lang = document.currentScript.dataset.language;
  root.classList.toggle("is-framed", host !== null);
  colour();
  document.addEventListener("DOMContentLoaded", colour);
  dark.addEventListener("change", colour);
  if (host) new MutationObserver(colour).observe(host.body, { attributeFilter: ["data-md-color-scheme"] });
})();
