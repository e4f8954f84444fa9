// What only the visitor's own clock can say: the talk's time where they are, and how many
// days are left; and a copy button beside each code. Without this script the page says what was
// true when it was built.
(() => {
  const DAY = 86_400_000;
  const language = document.documentElement.lang;

  const parts = (date, zone, options) =>
    new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", { timeZone: zone, ...options }).format(date);

  const spoken = (date) => {
    const day = parts(date, undefined, { weekday: "long", day: "numeric", month: "long" });
    const time = parts(date, undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    const spaced = day.replace(/\d+/g, " $& ").replace("日", "日 ").trim();
    return language === "zh" ? `${spaced} ${time}` : `${day.replace(",", "")}, ${time}`;
  };

  const sameClock = (date, zone) => {
    const options = { dateStyle: "short", timeStyle: "short" };
    return parts(date, zone, options) === parts(date, undefined, options);
  };

  const localTime = (place) => {
    const date = new Date(place.dataset.start);
    if (sameClock(date, place.dataset.zone)) return;
    place.textContent = place.dataset.words.replace("{time}", spoken(date));
    place.hidden = false;
  };

  // Calendar days between now and the talk, counted where the talk is.
  const daysUntil = (date, zone) => {
    const day = (moment) => Date.parse(new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(moment));
    return Math.round((day(date) - day(new Date())) / DAY);
  };

  const countdown = (place) => {
    const { start, end, zone, today, tomorrow, later, past } = place.dataset;
    const days = daysUntil(new Date(start), zone);
    if (new Date(end) < new Date()) {
      place.textContent = past;
      for (const action of document.querySelectorAll("[data-until-start]")) action.hidden = true;
    } else if (days <= 0) place.textContent = today;
    else place.textContent = days === 1 ? tomorrow : later.replace("{days}", days);
  };

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
  for (const place of document.querySelectorAll("[data-local-time]")) localTime(place);
  for (const place of document.querySelectorAll("[data-countdown]")) countdown(place);
  for (const code of document.querySelectorAll(".highlight:not(.doc-signature) pre > code, .cite pre > code")) {
    code.parentElement.before(Rostra.copyButton(code, words));
  }
})();
