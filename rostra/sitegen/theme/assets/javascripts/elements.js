// What demos are written with: elements, texts with blanks to fill, files from the server.
"use strict";
(() => {
  const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  const prefix = language === "zh" ? "zh/" : "";

  const make = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value != null) made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child != null));
    return made;
  };

  let made = 0;
  const fresh = (prefix) => `${prefix}-${++made}`;

  // A button that opens a panel, and says so.
  const opening = (text, panel, opened = () => {}) => {
    panel.id = fresh("panel");
    panel.hidden = true;
    return make("button", { type: "button", "aria-expanded": "false", "aria-controls": panel.id, onclick: (event) => {
      panel.hidden = !panel.hidden;
      event.currentTarget.setAttribute("aria-expanded", String(!panel.hidden));
      if (!panel.hidden) opened();
    } }, text);
  };

  const fill = (text, values = {}) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const whole = new Intl.NumberFormat(language, { style: "percent" });
  const percent = (permille) => whole.format(permille / 1000);

  const read = async (address, options) => {
    const answer = await fetch(address, options);
    if (!answer.ok) throw new Error(`${answer.status}: ${address}`);
    return answer.json();
  };

  window.Rostra = Object.freeze({ ...window.Rostra, language, prefix, make, fresh, opening, fill, percent, read });
})();
