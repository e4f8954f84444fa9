// Only in pages that `rostra serve` hands to its own machine: a page that was built anew is loaded
// again; where an entry is at fault, the page stays, and a note says why.
"use strict";
(() => {
  const chinese = document.documentElement.lang.startsWith("zh");
  const words = chinese
    ? { title: "网站未更新", close: "关闭" }
    : { title: "The site was not updated", close: "Close" };
  const language = chinese ? "zh" : "en";
  const { number } = document.currentScript.dataset;

  // The files of the site that this page is made of: itself, its style sheets and its scripts.
  const own = () => {
    const page = location.pathname.replace(/\/$/, "/index.html");
    const links = document.querySelectorAll("link[rel=stylesheet][href], script[src]");
    const loaded = [...links].map((one) => new URL(one.href || one.src).pathname);
    return new Set([page, ...loaded].map((path) => decodeURI(path).slice(1)));
  };

  // A root of its own: neither the page's styles nor ours reach the other.
  const STYLE = `
    :host { position: fixed; inset: auto 1rem 1rem auto; z-index: 9; max-width: min(40rem, calc(100vw - 2rem)); }
    :host([hidden]) { display: none; }
    div { padding: .75rem 1rem; border: 1px solid var(--line); border-left: 3px solid var(--adversarial-text);
      color: var(--ink); background: var(--card); font: 400 .875rem/1.5 var(--text); }
    p { display: flex; gap: 1rem; align-items: baseline; justify-content: space-between; margin: 0; font-weight: 600; }
    pre { max-height: 40vh; margin: .5rem 0 0; overflow: auto; font: 400 .8125rem/1.5 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
    button { padding: .25rem .5rem; border: 1px solid var(--line); color: inherit; background: none; font: inherit; font-weight: 400; cursor: pointer; }
    button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    @media print { :host { display: none; } }`;

  const make = (name, text = "") => Object.assign(document.createElement(name), { textContent: text });

  const note = make("aside");
  note.hidden = true;
  const [box, line, title, button, faults] = ["div", "p", "span", "button", "pre"].map((name) => make(name));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  const root = note.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  box.setAttribute("role", "status");
  faults.tabIndex = 0;
  button.textContent = words.close;
  button.type = "button";
  button.addEventListener("click", () => { note.hidden = true; });
  line.append(title, button);
  box.append(line, faults);
  root.append(box);
  document.body.append(note);

  const tell = (found) => {
    note.hidden = found.length === 0;
    title.textContent = found.length ? words.title : "";
    faults.textContent = found.map((fault) => fault[language]).join("\n");
  };

  const hear = ({ data }) => {
    const news = JSON.parse(data);
    const files = own();
    if (news.changed.some((file) => files.has(file))) location.reload();
    else tell(news.faults);
  };

  // A browser opens six connections to one server: a page that nobody looks at needs none.
  let stream;
  const listen = () => {
    stream?.close();
    stream = document.hidden ? undefined : new EventSource(`/__site/changes?since=${number}`);
    stream?.addEventListener("message", hear);
  };
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => stream?.close());
  addEventListener("pageshow", ({ persisted }) => { if (persisted) listen(); });
  listen();
})();
