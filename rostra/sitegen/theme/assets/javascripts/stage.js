// The stage: what two models say of a picture while it is attacked, live or recorded.
// Python sends numbers and pictures; every word comes from the recording or the demo.
"use strict";
(() => {
  const { copyButton, make, fresh, opening, fill, percent, Pictures } = window.Rostra;
  const MODELS = ["standard", "robust"];
  const FOOLED = ["fooled", "transfers"];
  const ROWS = 3;

  const figure = (number) => {
    if (Number.isInteger(number)) return String(number);
    return number.toFixed(number < 1 ? 4 : number < 100 ? 2 : 1);
  };

  class Stage {
    constructor(root, words, classes) {
      Object.assign(this, { root, words, classes, shown: "standard", view: null, asked: {} });
      this.pictures = new Pictures(words);
      this.models = Object.fromEntries(MODELS.map((name) => [name, this.model(name)]));
      this.curve = make("div", { class: "curve" });
      this.cost = make("dl", { class: "cost" });
      this.notes = make("div", { class: "notes" });
      this.said = make("p", { class: "said", role: "status" });
      root.classList.add("rostra-stage");
      root.replaceChildren(
        make("div", { class: "top" }, this.pictures.root, this.choice()),
        ...MODELS.map((name) => this.models[name].root),
        this.curve,
        make("div", { class: "close" }, this.cost, this.doors()),
        this.panels, this.notes, this.said);
    }

    // Which model's adversarial picture is shown: each model is attacked on its own.
    choice() {
      const group = fresh("pictures");
      this.radios = Object.fromEntries(MODELS.map((name) =>
        [name, make("input", { type: "radio", name: group, checked: name === this.shown, onchange: () => {
          this.shown = name;
          this.draw();
        } })]));
      return make("fieldset", { class: "choice" }, make("legend", {}, this.words.pictures_of),
        ...MODELS.map((name) => make("label", {}, this.radios[name], make("span", {}, this.words[name]))));
    }

    model(name) {
      const rows = Array.from({ length: ROWS }, () => {
        const row = { label: make("span", { class: "label" }), bar: make("span", { class: "bar" }), value: make("span", { class: "value" }) };
        row.root = make("li", {}, row.label, make("span", { class: "track" }, row.bar), row.value);
        return row;
      });
      const verdict = make("p", { class: "verdict" });
      const before = make("p", { class: "before" });
      const root = make("section", { class: `side is-${name}` },
        make("div", {}, make("strong", { class: "name" }, this.words[name]), verdict, before),
        make("ul", {}, ...rows.map((row) => row.root)));
      return { root, rows, verdict, before };
    }

    // Link, PNG and Python close the stage; two of them open a panel under it.
    doors() {
      const { words } = this;
      this.address = make("input", { type: "text", readonly: true, "aria-label": words.link_is });
      this.code = make("pre", { tabindex: "0" }, make("code"));
      const panel = (content) => make("div", { class: "panel" }, content, copyButton(content, words));
      const link = panel(this.address);
      const python = panel(this.code);
      this.panels = make("div", { class: "panels" }, link, python);
      this.held = { link, python };
      this.png = make("a", { download: "adversarial.png" }, words.png);
      this.open = { link: opening(words.link, link, () => {
        this.keep();
        this.address.select();
      }), python: opening(words.python, python) };
      return make("div", { class: "doors" }, this.open.link, this.png, this.open.python);
    }

    // The page's own address takes the settings: where there is no frame, the page is its own parent.
    keep() {
      parent.history.replaceState(null, "", this.address.value);
    }

    // What the controls hold, under the names that a link has for them.
    ask(asked) {
      this.asked = asked;
      this.drawLink();
    }

    // A link to the picture that is shown, with the settings that the controls hold.
    drawLink() {
      if (!this.view?.link) return;
      const link = new URL(this.view.link, parent.location);
      for (const [name, value] of Object.entries(this.asked)) if (value != null) link.searchParams.set(name, value);
      this.address.value = link.href;
      if (!this.held.link.hidden) this.keep();
    }

    show(view) {
      // With one model under attack, its picture and its cost are what is asked for.
      if (view.run !== this.view?.run && MODELS.includes(view.victim)) {
        this.shown = view.victim;
        this.radios[view.victim].checked = true;
      }
      this.view = view;
      this.draw();
    }

    draw() {
      const { view } = this;
      if (!view?.original) return;
      const labels = this.classes[view.set];
      const model = view.models[this.shown];
      this.pictures.show(view.original, model, view.factor, this.captions(view, model, labels));
      for (const name of MODELS) this.drawModel(name, view, labels);
      this.drawCurve(view);
      this.drawCost(model);
      this.drawDoors(view, model, labels);
      this.notes.replaceChildren(...(view.notes ?? []).map((note) => make("p", {}, note)));
      this.said.textContent = ["done", "stopped"].includes(view.phase) ? this.summary(view) : "";
      this.root.dataset.phase = view.phase;
    }

    // What is read out when a run is over.
    summary(view) {
      const verdicts = MODELS.map((name) => `${this.words[name]}: ${this.models[name].verdict.textContent}.`);
      return [...(view.notes ?? []), ...verdicts].join(" ");
    }

    captions(view, model, labels) {
      const { words } = this;
      const named = (name, label) => fill(words.picture_is, { name, label });
      const seen = labels[model.probs[0][0]];
      const after = FOOLED.includes(model.phase) ? words.adversarial : words.perturbed;
      const shown = view.label == null ? labels[model.before[0]] : labels[view.label];
      return [
        { text: words.original, long: named(words.original, shown) },
        { text: fill(words.perturbation, { factor: view.factor }) },
        view.phase === "ready" ? { text: words.unattacked } : { text: after, long: named(after, seen), wins: FOOLED.includes(model.phase) },
      ];
    }

    drawModel(name, view, labels) {
      const place = this.models[name];
      const model = view.models[name];
      const told = (index, permille) => ({ label: labels[index], percent: percent(permille) });
      const values = { step: model.phase === "fooled" ? model.at : view.step, steps: view.steps, ...told(...model.probs[0]) };
      place.verdict.textContent = fill(this.words[model.phase], values);
      place.root.dataset.phase = model.phase;
      place.before.textContent = model.phase === "clean" || model.phase === "wrong" ? "" : fill(this.words.before, told(...model.before));
      const label = view.label ?? model.before[0];
      place.rows.forEach((row, i) => {
        const [index, permille] = model.probs[i];
        row.root.className = index === label ? "is-clean" : i === 0 || index === view.fooled ? "is-adversarial" : "is-other";
        row.label.textContent = labels[index];
        row.value.textContent = percent(permille);
        row.bar.style.width = `${Math.max(permille / 10, 0.6)}%`;
      });
    }

    drawCurve(view) {
      if (view.curve !== this.drawn) {
        this.drawn = view.curve;
        this.curve.innerHTML = view.curve ?? "";
        for (const place of this.curve.querySelectorAll("[data-word]")) {
          const text = fill(this.words[place.dataset.word], { step: place.dataset.step });
          if (place.tagName === "text") place.textContent = text;
          else place.setAttribute("aria-label", text);
        }
      }
      const now = this.curve.querySelector(".now");
      const at = view.scrubbed ? (100 * view.step) / view.steps : null;
      now?.classList.toggle("is-here", at != null);
      if (at != null) now?.setAttribute("transform", `translate(${at} 0)`);
    }

    drawCost(model) {
      const { words } = this;
      const { linf, l2, l1, l0, queries, gradients, seconds } = model.cost ?? {};
      const time = seconds == null ? null : fill(words.seconds, { seconds: seconds.toFixed(1) });
      const entries = [["L∞", linf], ["L2", l2], ["L1", l1], ["L0", l0], [words.queries, queries], [words.gradients, gradients], [words.time, time]];
      if (model.unrounded) entries.push([words.unrounded, `${model.unrounded[0]} ${figure(model.unrounded[1])}`]);
      this.cost.replaceChildren(...entries.map(([name, value]) => make("div", {},
        make("dt", {}, name),
        make("dd", {}, value == null ? "–" : typeof value === "number" ? figure(value) : value))));
    }

    drawDoors(view, model, labels) {
      const { words } = this;
      this.drawLink();
      this.code.firstChild.textContent = view.python ?? "";
      for (const name of ["link", "python"]) this.offer(name, Boolean(view[name]));
      this.png.hidden = !model.picture || !model.cost || view.phase === "running";
      if (!this.png.hidden) {
        this.png.href = model.picture;
        this.png.setAttribute("aria-label", `${words.png}: ${fill(words.png_is, { label: labels[model.probs[0][0]] })}`);
      }
    }

    // A door to nothing is not shown, nor what it had opened.
    offer(name, there) {
      this.open[name].hidden = !there;
      if (there) return;
      this.held[name].hidden = true;
      this.open[name].setAttribute("aria-expanded", "false");
    }
  }

  window.Rostra = Object.freeze({ ...window.Rostra, MODELS, Stage });
})();
