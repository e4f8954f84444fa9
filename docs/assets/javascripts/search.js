// Search: the index of the page's language is fetched when the dialog is first opened, the other
// one when nothing is found here or Chinese is asked for on an English page. ?search=… asks at once.
// It cuts a query as rostra/sitegen/search.py cuts the pages; all its terms must match.
(() => {
  const ROOT = new URL("../../", document.currentScript.src);
  const language = document.documentElement.lang;
  const HAN = "\\u3400-\\u9fff\\uf900-\\ufaff";
  const RUN = new RegExp(`([${HAN}]+)|((?:(?![${HAN}])[\\p{L}\\p{N}])+)`, "gu");
  const MOST = 12;

  // What is looked up: exact pairs of Han characters, and beginnings of everything else.
  const wanted = (query) => {
    const found = [];
    for (const [, han, word] of query.normalize("NFKC").toLowerCase().matchAll(RUN)) {
      if (word) found.push({ begins: word.replace(/(?<=[^s]{3})s$/, "") });
      else if (han.length === 1) found.push({ begins: han });
      else for (let i = 0; i < han.length - 1; i++) found.push({ is: han.slice(i, i + 2) });
    }
    return found;
  };

  const open = (raw) => {
    const terms = new Map();
    for (const [term, steps] of Object.entries(raw.terms)) {
      let at = 0;
      terms.set(term, steps.map((step) => (at += step)));
    }
    return { documents: raw.documents, terms };
  };

  const holding = (index, { is, begins }) => {
    if (is) return new Set(index.terms.get(is) ?? []);
    const found = new Set();
    for (const [term, numbers] of index.terms) if (term.startsWith(begins)) for (const n of numbers) found.add(n);
    return found;
  };

  // A title that holds the query as it stands comes first, then titles that hold its terms.
  const score = (title, query, terms) => {
    const lower = title.normalize("NFKC").toLowerCase();
    const hits = terms.filter(({ is, begins }) => lower.includes(is ?? begins)).length;
    return hits + (lower.includes(query.trim().toLowerCase()) ? 100 : 0);
  };

  const search = (index, query) => {
    const terms = wanted(query);
    if (!terms.length) return [];
    const [first, ...rest] = terms.map((term) => holding(index, term));
    return [...first].filter((number) => rest.every((numbers) => numbers.has(number)))
      .map((number) => index.documents[number])
      .map(([url, title]) => ({ url, title, score: score(title, query, terms) }))
      .sort((a, b) => b.score - a.score);
  };

  const mount = (dialog, button) => {
    const field = dialog.querySelector("input");
    const list = dialog.querySelector("ol");
    const status = dialog.querySelector("[role=status]");
    const translation = document.querySelector(".site-tools a[hreflang]");
    const indexes = {};

    const load = async (code) => {
      const answer = await fetch(new URL(`${code === "zh" ? "zh/" : ""}search.json`, ROOT));
      if (!answer.ok) throw new Error(`search.json: ${answer.status}`);
      return open(await answer.json());
    };
    const lookUp = async (code, query) => {
      indexes[code] ??= load(code);
      indexes[code].catch(() => delete indexes[code]); // the next letter asks again
      return search(await indexes[code], query);
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
    // What the other language would find, as a link that asks it.
    const elsewhere = async (query) => {
      if (!translation) return [];
      const found = await lookUp(language === "zh" ? "en" : "zh", query).catch(() => []);
      if (!found.length) return [];
      const link = document.createElement("a");
      const there = new URL(translation.href);
      there.searchParams.set("search", query);
      link.href = there.href;
      link.hreflang = translation.hreflang;
      link.textContent = status.dataset.elsewhere.replace("{count}", found.length);
      return [" ", link];
    };
    const show = async () => {
      const query = field.value.trim();
      const found = await lookUp(language, query);
      const foreign = language !== "zh" && new RegExp(`[${HAN}]`).test(query);
      const link = query && (foreign || !found.length) ? await elsewhere(query) : [];
      if (query !== field.value.trim()) return; // typed on meanwhile
      list.replaceChildren(...found.slice(0, MOST).map(line));
      const words = found.length ? status.dataset.found.replace("{count}", found.length) : status.dataset.none;
      status.replaceChildren(query && words, ...link);
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

    button.hidden = false;
    button.addEventListener("click", begin);
    field.addEventListener("input", show);
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
