// The years that the first page of the archive leaves out are fetched, from their own pages, when its
// form first asks for them: data-rest names the page of a list. when.js puts the rows where they
// belong by the visitor's clock, and filter.js, which has read the form before this, counts them.
(() => {
  const form = document.querySelector("form[data-filter]");
  const failed = form.querySelector("[data-failed]");
  const lists = document.querySelectorAll("[data-rest]");
  const coming = new Map();

  const fetched = async (list) => {
    const address = new URL(list.dataset.rest, location.href);
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const rows = [...page.querySelectorAll("[data-timeline] [data-ref]")];
    for (const link of rows.flatMap((row) => [...row.querySelectorAll("a")])) {
      link.href = new URL(link.getAttribute("href"), address);
    }
    list.append(...rows.map((row) => document.adoptNode(row)));
    document.dispatchEvent(new Event("rows"));
  };

  const rest = (list) => {
    if (!coming.has(list)) coming.set(list, fetched(list).catch((error) => { coming.delete(list); throw error; }));
    return coming.get(list);
  };

  // A year needs its own page only; whatever else is asked may stand anywhere.
  const ask = async () => {
    const asked = new FormData(form);
    const year = asked.get("year");
    const wanted = [...lists].filter((list) => !year || list.dataset.year === year);
    if (![...asked.values()].some(Boolean)) return;
    form.ariaBusy = "true";
    const found = await Promise.allSettled(wanted.map(rest));
    form.ariaBusy = "false";
    failed.hidden = found.every(({ status }) => status === "fulfilled");
  };

  form.addEventListener("input", ask);
  addEventListener("pageshow", ask);
})();
