// What only the visitor's own clock can say: whether a talk is to come, live or past, its time where
// they are, and how long it still takes. It runs in the head, and settles each piece of the page as
// soon as it is read, before it is first drawn: nothing jumps. Without it the page says what was true
// when it was built. data-start and data-end stand on whatever has a time: a row, a talk, a hero.
(() => {
  const MINUTE = 60_000, DAY = 1440 * MINUTE;
  const LONGEST = 2 ** 31 - 1; // what a timer can wait
  const language = document.documentElement.lang;
  const chinese = language === "zh";

  const parts = (date, zone, options) =>
    new Intl.DateTimeFormat(chinese ? "zh-CN" : "en-GB", { timeZone: zone, ...options }).format(date);

  const spoken = (date) => {
    const day = parts(date, undefined, { weekday: "long", day: "numeric", month: "long" });
    const time = parts(date, undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    const spaced = day.replace(/\d+/g, " $& ").replace("日", "日 ").trim();
    return chinese ? `${spaced} ${time}` : `${day.replace(",", "")}, ${time}`;
  };

  const sameClock = (date, zone) => {
    const options = { dateStyle: "short", timeStyle: "short" };
    return parts(date, zone, options) === parts(date, undefined, options);
  };

  // The talk's time where the visitor is, only if their clock shows another one at that instant.
  const tellLocalTime = (place) => {
    const date = new Date(place.dataset.localTime);
    if (sameClock(date, place.dataset.zone)) return;
    place.textContent = place.dataset.words.replace("{time}", spoken(date));
    place.hidden = false;
  };

  // Calendar days between now and the talk, counted where the talk is.
  const daysUntil = (date, zone, now) => {
    const day = (moment) => Date.parse(new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(moment));
    return Math.round((day(date) - day(now)) / DAY);
  };

  const countdown = (place, start, state, now) => {
    const { live, soon, hours, today, tomorrow, later } = place.dataset;
    const minutes = Math.ceil((start - now) / MINUTE);
    const days = daysUntil(start, place.dataset.countdown, now);
    if (state === "live") return live;
    if (minutes <= 90) return soon.replace("{minutes}", minutes);
    if (minutes <= 720) return hours.replace("{hours}", Math.round(minutes / 60));
    return days <= 0 ? today : days === 1 ? tomorrow : later.replace("{days}", days);
  };

  const write = (place, text) => { if (place.textContent !== text) place.textContent = text; };

  const stateOf = ({ dataset }, now) => {
    if (now >= new Date(dataset.end)) return "past";
    return now >= new Date(dataset.start) && dataset.held !== "no" ? "live" : "upcoming";
  };

  // Rows that wait for the list they belong to, which is further down and not read yet.
  const waiting = new Map();

  const listFor = (timeline, row, state) =>
    timeline.querySelector(`[data-list="${state}"][data-year="${row.dataset.year}"]`) ??
    timeline.querySelector(`[data-list="${state}"]:not([data-year])`);

  const after = (row, other, state) => {
    const later = new Date(row.dataset.start) - new Date(other.dataset.start);
    return state === "past" ? later < 0 : later > 0;
  };

  const put = (row, timeline, state) => {
    const list = listFor(timeline, row, state);
    if (!list) { waiting.set(row, timeline); row.remove(); return; }
    waiting.delete(row);
    const next = [...list.children].find((other) => !after(row, other, state));
    list.insertBefore(row, next ?? null);
  };

  const settleRow = (row, now) => {
    const state = stateOf(row, now);
    if (row.closest("[data-list]")?.dataset.list !== state) put(row, row.closest("[data-timeline]"), state);
  };

  // A list that holds nothing has no heading; one that shows the first so many hides the rest.
  const settleList = (list) => {
    const shown = [...list.children].filter((row) => row.dataset.ref !== announced);
    const most = Number(list.dataset.most ?? Infinity);
    const first = shown.slice(0, most);
    for (const row of list.children) row.hidden = !first.includes(row);
    list.closest("section").hidden = !first.length;
  };

  // The first talk that is to come or live is announced; where there is none, what there is to watch.
  let announced = "";
  const settleHeroes = (place, now) => {
    const heroes = [...place.children];
    const next = heroes.find((hero) => hero.dataset.end && stateOf(hero, now) !== "past");
    const shown = next ?? heroes.find((hero) => !hero.dataset.end);
    for (const hero of heroes) hero.hidden = hero !== shown;
    announced = shown?.dataset.ref ?? "";
  };

  const settleShown = (place, now) => {
    const state = stateOf(place, now);
    for (const piece of place.querySelectorAll("[data-show]")) {
      // What has a time of its own, as an embargo inside a talk, keeps to that one.
      if (piece.closest("[data-talk]") === place) piece.hidden = !piece.dataset.show.split(" ").includes(state);
    }
    for (const piece of place.querySelectorAll("[data-countdown]")) {
      if (state !== "past") write(piece, countdown(piece, new Date(place.dataset.start), state, now));
    }
  };

  const told = new WeakSet();
  const settle = () => {
    const now = new Date();
    // By a clock that is behind the build, rows go up, to where the page may be drawn already.
    const behind = [...document.querySelectorAll("[data-past]")].some(({ dataset }) => now < new Date(dataset.past));
    document.documentElement.classList.toggle("settling", behind && document.readyState === "loading");
    for (const place of document.querySelectorAll("[data-heroes]")) settleHeroes(place, now);
    for (const place of document.querySelectorAll("[data-talk]")) settleShown(place, now);
    for (const row of document.querySelectorAll("[data-timeline] [data-ref]")) settleRow(row, now);
    for (const [row, timeline] of [...waiting]) put(row, timeline, stateOf(row, now));
    for (const list of document.querySelectorAll("[data-list]")) settleList(list);
    for (const place of document.querySelectorAll("[data-local-time]")) {
      if (!told.has(place)) { told.add(place); tellLocalTime(place); }
    }
  };

  // The next instant at which something on the page becomes untrue; a countdown counts minutes.
  const nextChange = (now) => {
    const dated = [...document.querySelectorAll("[data-start][data-end]")];
    const moments = dated.flatMap(({ dataset }) => [new Date(dataset.start), new Date(dataset.end)]);
    const ahead = moments.map((moment) => moment - now).filter((wait) => wait > 0);
    const minute = document.querySelector("[data-countdown]") ? [MINUTE] : [];
    return Math.min(LONGEST, ...ahead, ...minute);
  };

  const goOn = () => {
    settle();
    if (document.querySelector("[data-start][data-end]")) setTimeout(goOn, nextChange(new Date()));
  };

  const root = document.documentElement;
  const reading = new MutationObserver(settle);
  reading.observe(root, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => { reading.disconnect(); goOn(); });
  document.addEventListener("rows", settle); // more of them have come
  // A phone that slept has missed its timers.
  document.addEventListener("visibilitychange", () => { if (!document.hidden) settle(); });
})();
