// Search: nothing is fetched until the dialog is opened, then only what a query needs. The index of
// the other language is asked when nothing is found here, or for Chinese on an English page.
// ?search=… asks at once. How an index is read: search-index.js.
(() => {
  const ROOT = new URL("../../", document.currentScript.src);
  const READER = new URL("search-index.js", document.currentScript.src);
  const language = document.documentElement.lang;

  const mount = (dialog, button) => {
    const field = dialog.querySelector("input");
    const list = dialog.querySelector("ol");
    const status = dialog.querySelector("[role=status]");
    const translation = document.querySelector(".site-tools a[hreflang]");
    const reader = () => import(READER);
    const indexes = {};
    let asking = new AbortController();

    const open = async (code) => {
      const folder = new URL(`${code === "zh" ? "zh/" : ""}search/`, ROOT);
      return (await reader()).open(async (path, signal) => {
        const answer = await fetch(new URL(path, folder), { signal });
        if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
        return answer.arrayBuffer();
      });
    };
    const indexOf = (code) => {
      indexes[code] ??= open(code);
      indexes[code].catch(() => delete indexes[code]); // the next letter asks again
      return indexes[code];
    };
    const line = ({ url, title }) => {
      const link = document.createElement("a");
      link.href = new URL(url, ROOT).href;
      link.textContent = title;
      const where = document.createElement("span");
      where.className = "soft small";
      where.textContent = `/${url}`;
      const item = document.createElement("li");
      item.append(link, where);
      return item;
    };
    const written = (number) => number.toLocaleString(language);
    // What the other language would find, as a link that asks it.
    const elsewhere = async (query, signal) => {
      if (!translation) return [];
      const index = await indexOf(language === "zh" ? "en" : "zh");
      const count = await index.count(query, signal);
      if (!count) return [];
      const link = document.createElement("a");
      const there = new URL(translation.href);
      there.searchParams.set("search", query);
      link.href = there.href;
      link.hreflang = translation.hreflang;
      link.textContent = status.dataset.elsewhere.replace("{count}", written(count));
      return [" ", link];
    };
    const say = ({ count, hits }, links = []) => {
      list.replaceChildren(...hits.map(line));
      status.replaceChildren(count ? status.dataset.found.replace("{count}", written(count)) : status.dataset.none, ...links);
    };
    const ask = async (query, signal) => {
      const index = await indexOf(language);
      let found;
      for await (found of index.search(query, { signal })) if (found.count && !signal.aborted) say(found);
      const foreign = language !== "zh" && (await reader()).isChinese(query);
      const links = foreign || !found.count ? await elsewhere(query, signal).catch(() => []) : [];
      if (!signal.aborted) say(found, links);
    };
    // A query that is typed on gives up what it still waits for.
    const show = async () => {
      asking.abort();
      asking = new AbortController();
      const { signal } = asking;
      const query = field.value.trim();
      if (!query) list.replaceChildren();
      if (!query) return status.replaceChildren();
      await ask(query, signal).catch(() => {
        if (signal.aborted) return;
        list.replaceChildren();
        status.replaceChildren(status.dataset.failed);
      });
    };
    const begin = () => {
      dialog.showModal();
      field.select();
      show();
    };
    const walk = (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      const stops = [field, ...dialog.querySelectorAll("a")];
      const next = stops[stops.indexOf(document.activeElement) + step];
      if (next) next.focus();
      event.preventDefault();
    };

    button.addEventListener("click", begin);
    field.addEventListener("input", (event) => event.isComposing || show()); // Chinese in the making is Latin
    field.addEventListener("compositionend", show);
    dialog.addEventListener("keydown", walk);
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      (list.querySelector("a") ?? status.querySelector("a"))?.click();
    });
    addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      begin();
    });
    const asked = new URLSearchParams(location.search).get("search");
    if (asked) {
      field.value = asked;
      begin();
    }
  };

  mount(document.querySelector(".search"), document.querySelector(".search-open"));
})();
