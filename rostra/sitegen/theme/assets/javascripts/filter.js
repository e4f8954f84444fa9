// A list that is filtered where it stands, without a server. <form data-filter="ID"> rules over the
// rows of the element with that id. A control named n keeps rows that have its value among the words
// of their data-n (of several values, any); the field q keeps rows that hold each of its words. What
// is asked stands in the address, so that it can be sent; <output data-count> says how many there are.
// Rows keep their own `hidden`: what is left out carries data-filtered. Without this, all is shown.
"use strict";
(() => {
  const PAUSE = 250; // ms without typing after which the address is written: browsers ration that

  const written = (number) => number.toLocaleString(document.documentElement.lang);
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  class Filter {
    constructor(form, list) {
      Object.assign(this, { form, list, texts: new WeakMap(), output: form.querySelector("output") });
      this.names = new Set([...form.elements].map((control) => control.name).filter(Boolean));
      form.addEventListener("input", () => this.changed());
      form.addEventListener("submit", (event) => { event.preventDefault(); this.changed(); });
      form.addEventListener("reset", () => setTimeout(() => this.changed()));
      // Rows that move when their time has come may empty a section, or fill one.
      new MutationObserver(() => this.apply()).observe(list, { childList: true, subtree: true });
      addEventListener("hashchange", () => this.uncover());
      addEventListener("pageshow", () => this.apply());
      this.read();
    }

    // A row inside another belongs to that one.
    rows() {
      const all = [...this.list.querySelectorAll("li, tbody tr")];
      return all.filter((row) => !this.list.contains(row.parentElement.closest("li, tbody tr")));
    }

    // What is folded away is not searched: it repeats the row for other uses.
    text(row) {
      if (!this.texts.has(row)) {
        const shown = [...row.childNodes].filter((part) => part.nodeName !== "DETAILS");
        this.texts.set(row, plain(shown.map((part) => part.textContent).join(" ")));
      }
      return this.texts.get(row);
    }

    asked() {
      const data = new FormData(this.form);
      const pairs = [...this.names].map((name) => [name, data.getAll(name).map((one) => one.trim()).filter(Boolean)]);
      return new Map(pairs.filter(([, values]) => values.length));
    }

    keeps(row, asked) {
      for (const [name, values] of asked) {
        if (name === "q") {
          if (!values.flatMap((one) => plain(one).split(/\s+/)).every((word) => this.text(row).includes(word))) return false;
        } else {
          const words = (row.getAttribute(`data-${name}`) ?? "").split(/\s+/);
          if (!values.some((value) => words.includes(value))) return false;
        }
      }
      return true;
    }

    apply() {
      const asked = this.asked(), rows = this.rows();
      for (const row of rows) row.toggleAttribute("data-filtered", !this.keeps(row, asked));
      const kept = new Set(rows.filter((row) => !row.hasAttribute("data-filtered") && !row.hidden));
      for (const part of this.list.querySelectorAll("section")) {
        part.toggleAttribute("data-filtered", ![...part.querySelectorAll("li, tbody tr")].some((row) => kept.has(row)));
      }
      const count = this.output?.dataset.count ?? "{count}";
      const all = rows.filter((row) => !row.hidden).length;
      const said = count.replace("{count}", written(kept.size)).replace("{all}", written(all));
      if (this.output && this.output.textContent !== said) this.output.textContent = said;
    }

    changed() {
      this.apply();
      clearTimeout(this.writing);
      this.writing = setTimeout(() => this.write(), PAUSE);
    }

    // Other words of the address are somebody else's.
    write() {
      const query = new URLSearchParams(location.search);
      for (const name of this.names) query.delete(name);
      for (const [name, values] of this.asked()) for (const value of values) query.append(name, value);
      const search = query.size ? `?${query}` : "";
      if (search !== location.search) history.replaceState(history.state, "", location.pathname + search + location.hash);
    }

    read() {
      const query = new URLSearchParams(location.search);
      for (const control of this.form.elements) {
        if (!control.name || !query.has(control.name)) continue;
        const values = query.getAll(control.name);
        if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
        else if (control.options) for (const option of control.options) option.selected = values.includes(option.value);
        else control.value = values.join(" ");
      }
      this.apply();
      this.uncover();
    }

    // Who is sent to one row finds it, whatever was asked before.
    uncover() {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target && this.list.contains(target) && target.closest("[data-filtered]")) {
        this.form.reset();
        setTimeout(() => target.scrollIntoView());
      }
    }
  }

  for (const form of document.querySelectorAll("form[data-filter]")) {
    new Filter(form, document.getElementById(form.dataset.filter));
  }
})();
