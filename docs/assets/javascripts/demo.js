// Demos in a page: one stage that shows an attack, whether it is recorded or runs on a server.
// On a page it plays recordings and embeds live demos; inside a demo's frame it follows the page
// around it. Python sends numbers and pictures; every word comes from the recording or the demo,
// but those for when neither can be had.
"use strict";
(() => {
  const ASSETS = new URL("../", document.currentScript.src);
  const SITE = new URL("../", ASSETS);
  const MODELS = ["standard", "robust"];
  const ROWS = 3;
  const SILENCE = 5000; // ms: a run of which nothing is heard for so long has ended

  const LOST = {
    en: { recording: "The recorded run could not be loaded; reload the page to try again.", demo: "The live demo does not answer; this is a recorded run." },
    zh: { recording: "录制未能载入，请刷新页面重试。", demo: "现场演示没有响应，这里播放录制。" },
  };

  // ---- small things -----------------------------------------------------------------------

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
  const fill = (text, values = {}) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const percent = (permille) => String(Math.round(permille / 10));
  const figure = (number) => {
    if (Number.isInteger(number)) return String(number);
    return number.toFixed(number < 1 ? 4 : number < 100 ? 2 : 1);
  };
  const read = async (address, options) => {
    const answer = await fetch(address, options);
    if (!answer.ok) throw new Error(`${answer.status}: ${address}`);
    return answer.json();
  };
  // Pages served without encryption have no clipboard: there the text is selected and copied so.
  const copied = async (source) => {
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent);
      return true;
    } catch {
      if (source.select) source.select();
      else getSelection().selectAllChildren(source);
      return document.execCommand("copy");
    }
  };
  let made = 0;
  const fresh = (prefix) => `${prefix}-${++made}`;

  // Pixels of a PNG, exactly as stored. The last few are kept: a stage shows them again and again.
  const decoded = new Map();
  const pixels = (uri) => {
    if (!decoded.has(uri)) {
      if (decoded.size > 60) decoded.delete(decoded.keys().next().value);
      decoded.set(uri, decode(uri));
    }
    return decoded.get(uri);
  };
  const decode = async (uri) => {
    const image = new Image();
    image.src = uri;
    await image.decode();
    const canvas = make("canvas", { width: image.width, height: image.height });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height);
  };

  // One frame of a film of perturbations (grey 128 is zero), added to the picture it is for.
  const developed = (film, at, clean) => {
    const { width, height } = clean;
    const result = new ImageData(width, height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const from = 4 * (y * film.width + at * width + x);
        const to = 4 * (y * width + x);
        for (let c = 0; c < 3; c++) result.data[to + c] = clean.data[to + c] + film.data[from + c] - 128;
        result.data[to + 3] = 255;
      }
    }
    return result;
  };
  const amplified = (picture, clean, factor) => {
    const result = new ImageData(clean.width, clean.height);
    for (let i = 0; i < result.data.length; i++) {
      result.data[i] = i % 4 === 3 ? 255 : 128 + factor * (picture.data[i] - clean.data[i]);
    }
    return result;
  };
  const paint = (canvas, picture) => {
    if (canvas.width !== picture.width) canvas.width = picture.width;
    if (canvas.height !== picture.height) canvas.height = picture.height;
    canvas.getContext("2d").putImageData(picture, 0, 0);
  };
  const adversarial = async (model, clean) => {
    if (model.picture) return pixels(model.picture);
    if (model.film) return developed(await pixels(model.film), model.frame, clean);
    return clean;
  };

  // ---- three pictures: original + perturbation = adversarial --------------------------------

  class Pictures {
    constructor(words) {
      this.words = words;
      this.shown = 0;
      this.canvases = ["original", "perturbation", "adversarial"].map((name) =>
        make("canvas", { width: 32, height: 32, role: "img", class: `is-${name}` }));
      this.captions = this.canvases.map((canvas) => make("figcaption", { class: canvas.className }));
      const sign = (key, text) => make("span", { class: "sign", role: "img", "aria-label": words[key] }, text);
      const [a, b, c] = this.canvases.map((canvas, i) => make("figure", {}, canvas, this.captions[i]));
      this.root = make("div", { class: "pictures" }, a, sign("plus", "+"), b, sign("equals", "="), c);
    }

    async show(original, model, factor, captions) {
      const turn = ++this.shown;
      const clean = await pixels(original);
      const picture = await adversarial(model, clean);
      if (turn !== this.shown) return;
      [clean, amplified(picture, clean, factor), picture].forEach((data, i) => paint(this.canvases[i], data));
      captions.forEach((caption, i) => {
        this.captions[i].textContent = caption.text;
        this.canvases[i].setAttribute("aria-label", caption.long ?? caption.text);
      });
    }
  }

  // ---- the stage --------------------------------------------------------------------------

  class Stage {
    constructor(root, words, classes) {
      Object.assign(this, { root, words, classes, shown: "standard", view: null });
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
      const radios = MODELS.map((name) =>
        make("label", {},
          make("input", { type: "radio", name: group, checked: name === this.shown, onchange: () => {
            this.shown = name;
            this.draw();
          } }),
          make("span", {}, this.words[name])));
      return make("fieldset", { class: "choice" }, make("legend", {}, this.words.pictures_of), ...radios);
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
        make("div", {}, make("h3", {}, this.words[name]), verdict, before),
        make("ul", {}, ...rows.map((row) => row.root)));
      return { root, rows, verdict, before };
    }

    // Link, PNG and Python close the stage; two of them open a panel under it.
    doors() {
      const { words } = this;
      this.address = make("input", { type: "text", readonly: true, "aria-label": words.link_is });
      this.code = make("pre", { tabindex: "0" }, make("code"));
      const panel = (content) => make("div", { class: "panel", id: fresh("panel"), hidden: true }, content, this.copier(content));
      const link = panel(this.address);
      const python = panel(this.code);
      this.panels = make("div", { class: "panels" }, link, python);
      const door = (key, target) => make("button", { type: "button", "aria-expanded": "false", "aria-controls": target.id, onclick: (event) => {
        target.hidden = !target.hidden;
        event.currentTarget.setAttribute("aria-expanded", String(!target.hidden));
        if (!target.hidden && target === link) this.keep();
      } }, words[key]);
      this.png = make("a", { download: "adversarial.png" }, words.png);
      this.open = { link: door("link", link), python: door("python", python) };
      return make("div", { class: "doors" }, this.open.link, this.png, this.open.python);
    }

    copier(source) {
      return make("button", { type: "button", class: "copy", onclick: async (event) => {
        const button = event.currentTarget;
        if (!(await copied(source))) return;
        button.textContent = this.words.copied;
        setTimeout(() => { button.textContent = this.words.copy; }, 2000);
      } }, this.words.copy);
    }

    // The page's own address takes the settings, also where the stage stands in a frame.
    keep() {
      const page = framed() ? parent : window;
      page.history.replaceState(null, "", this.address.value);
      this.address.select();
    }

    show(view) {
      this.view = view;
      this.draw();
    }

    draw() {
      const { view } = this;
      if (!view?.original) return;
      const labels = this.classes[view.set];
      const model = view.models[this.shown];
      const told = (index, permille) => ({ label: labels[index], percent: percent(permille) });
      this.pictures.show(view.original, model, view.factor, this.captions(view, model, labels));
      for (const name of MODELS) this.drawModel(this.models[name], view, name, labels, told);
      this.drawCurve(view);
      this.drawCost(view, model, labels);
      this.notes.replaceChildren(...(view.notes ?? []).map((note) => make("p", {}, note)));
      const over = view.phase === "done" || view.phase === "stopped" || view.phase === "error";
      const verdicts = MODELS.map((name) => `${this.words[name]}: ${this.models[name].verdict.textContent}.`);
      this.said.textContent = over ? [...(view.notes ?? []), ...verdicts].join(" ") : "";
      this.root.dataset.phase = view.phase;
    }

    captions(view, model, labels) {
      const { words } = this;
      const named = (name, label) => fill(words.picture_is, { name, label });
      const seen = labels[model.probs[0][0]];
      const shown = view.label == null ? labels[model.before[0]] : labels[view.label];
      return [
        { text: words.original, long: named(words.original, shown) },
        { text: fill(words.perturbation, { factor: view.factor }) },
        view.phase === "ready" ? { text: words.unattacked } : { text: words.adversarial, long: named(words.adversarial, seen) },
      ];
    }

    drawModel(place, view, name, labels, told) {
      const model = view.models[name];
      const values = { step: model.at ?? view.step, steps: view.steps, ...told(...model.probs[0]) };
      place.verdict.textContent = fill(this.words[model.phase], values);
      place.root.dataset.phase = model.phase;
      place.before.textContent = model.phase === "clean" || model.phase === "wrong" ? "" : fill(this.words.before, told(...model.before));
      const label = view.label ?? model.before[0];
      place.rows.forEach((row, i) => {
        const [index, permille] = model.probs[i];
        row.root.className = index === label ? "is-clean" : i === 0 || index === view.fooled ? "is-adversarial" : "is-other";
        row.label.textContent = labels[index];
        row.value.textContent = `${percent(permille)}\u00a0%`;
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

    drawCost(view, model, labels) {
      const { words } = this;
      const { linf, l2, l1, l0, queries, gradients, seconds } = model.cost ?? {};
      const time = seconds == null ? null : fill(words.seconds, { seconds: seconds.toFixed(1) });
      const entries = [["L∞", linf], ["L2", l2], ["L1", l1], ["L0", l0], [words.queries, queries], [words.gradients, gradients], [words.time, time]];
      if (model.unrounded) entries.push([words.unrounded, `${model.unrounded[0]} ${figure(model.unrounded[1])}`]);
      this.cost.replaceChildren(...entries.map(([name, value]) => make("div", {},
        make("dt", {}, name),
        make("dd", {}, value == null ? "–" : typeof value === "number" ? figure(value) : value))));
      if (view.link) this.address.value = new URL(view.link, framed() ? parent.location : location).href;
      this.code.firstChild.textContent = view.python ?? "";
      this.open.link.hidden = !view.link;
      this.open.python.hidden = !view.python;
      this.png.hidden = !model.picture || !model.cost || view.phase === "running";
      if (!this.png.hidden) {
        this.png.href = model.picture;
        this.png.setAttribute("aria-label", `${words.png}: ${fill(words.png_is, { label: labels[model.probs[0][0]] })}`);
      }
    }
  }

  // ---- a recorded run -----------------------------------------------------------------------

  const recordings = new Map();
  const recording = (name) => {
    if (!recordings.has(name)) {
      const loading = read(new URL(`recordings/${name}.json`, ASSETS));
      loading.catch(() => recordings.delete(name));
      recordings.set(name, loading);
    }
    return recordings.get(name);
  };
  const language = () => (document.documentElement.lang.startsWith("zh") ? "zh" : "en");

  // What the stage shows of run `index` at `step`.
  const moment = (tape, index, step) => {
    const run = tape.runs[index];
    const models = {};
    for (const name of MODELS) {
      const take = run[name];
      const frame = run.keyframes.findLastIndex((key) => key <= step);
      models[name] = {
        film: take.film, frame, probs: take.probs[step], before: tape.clean[name][0], cost: take.cost,
        at: take.at, phase: take.at != null && step >= take.at ? "fooled" : step < run.steps ? "running" : "holds",
      };
    }
    const fooled = run.standard.probs[run.steps][0][0];
    return {
      phase: "recorded", scrubbed: true, step, steps: run.steps, factor: run.factor, label: tape.label,
      fooled: fooled === tape.label ? null : fooled, set: tape.set, original: tape.original, models, curve: run.curve,
    };
  };

  // A slider whose filled part is coloured, as the design asks; its text says the value in words.
  const slider = (label, last, value, spoken, moved) => {
    const output = make("output", { class: "figure" });
    const input = make("input", { type: "range", min: 0, max: last, step: 1, value, id: fresh("slider") });
    const update = () => {
      const text = spoken(Number(input.value));
      output.textContent = text;
      input.setAttribute("aria-valuetext", text);
      input.style.setProperty("--filled", `${(100 * input.value) / Number(input.max)}%`);
    };
    input.addEventListener("input", () => {
      update();
      moved(Number(input.value));
    });
    update();
    return { input, update, root: make("div", { class: "slider" }, make("label", { for: input.id }, label), input, output) };
  };
  const epsilon = (run) => `${run.eps}/255`;

  const play = async (place, name) => {
    const tape = await recording(name);
    const words = tape.words[language()];
    const stage = make("div");
    let index = tape.shown;
    const show = () => show.stage.show(moment(tape, index, Number(steps.input.value)));
    const steps = slider(words.scrub, tape.runs[index].steps, tape.runs[index].steps, String, () => show());
    const eps = slider(words.eps, tape.runs.length - 1, index, (i) => epsilon(tape.runs[i]), (i) => {
      index = i;
      show();
    });
    const { date, rostra: version, torch, device, seed } = tape;
    place.replaceChildren(
      make("div", { class: "rostra-player" }, make("div", { class: "sliders" }, eps.root, steps.root), stage,
        make("p", { class: "recorded" }, fill(words.recorded, { date, version, torch, device, seed }))));
    show.stage = new Stage(stage, words, { [tape.set]: tape.classes[language()] });
    show();
    return words;
  };

  // ---- the first page: one slider, two models --------------------------------------------------

  const hero = async (place, name) => {
    const tape = await recording(name);
    const words = tape.words[language()];
    const classes = tape.classes[language()];
    const pictures = new Pictures(words);
    const says = ([index, permille]) => ({ label: classes[index], percent: percent(permille) });
    const captions = ([a, b]) => {
      const text = (told) => `${told.label} ${told.percent}\u00a0%`;
      const named = (key, told) => fill(words.picture_is, { name: words[key], label: text(told) });
      return [
        { text: text(a), long: named("original", a) },
        { text: "", long: "" },
        { text: text(b), long: named("adversarial", b) },
      ];
    };
    const column = (model) => {
      const verdict = make("p");
      return { verdict, root: make("div", { class: `is-${model}` }, make("h3", {}, words[`hero_${model}`]), verdict) };
    };
    const columns = Object.fromEntries(MODELS.map((model) => [model, column(model)]));
    const verdict = (take, steps) => {
      if (take.at == null) return fill(words.hero_holds, says(take.probs[steps][0]));
      const key = take.at === 1 ? "hero_fooled_one" : "hero_fooled";
      return fill(words[key], { step: take.at, ...says(take.probs[steps][0]) });
    };
    const show = (index) => {
      const run = tape.runs[index];
      const model = { film: run.standard.film, frame: run.keyframes.length - 1 };
      const texts = captions([says(tape.clean.standard[0]), says(run.standard.probs[run.steps][0])]);
      texts[1] = { text: `× ${run.factor}`, long: fill(words.perturbation, { factor: run.factor }) };
      pictures.show(tape.original, model, run.factor, texts);
      pictures.root.dataset.fooled = String(run.standard.at != null);
      for (const name of MODELS) columns[name].verdict.textContent = verdict(run[name], run.steps);
    };
    const eps = slider(words.eps, tape.runs.length - 1, tape.shown, (i) => epsilon(tape.runs[i]), show);
    const gallery = new URL(`${language() === "zh" ? "zh/" : ""}gallery/${name}/`, SITE);
    place.replaceChildren(pictures.root, eps.root,
      make("div", { class: "verdicts", "aria-live": "polite" }, ...MODELS.map((model) => columns[model].root)),
      make("p", {}, make("a", { href: gallery.href }, words.yourself)));
    show(tape.shown);
  };

  // ---- a live demo in its frame ------------------------------------------------------------------

  const status = () => read(new URL("demos/status.json", SITE), { cache: "no-store" }).catch(() => ({ state: "lost" }));

  const seen = (place) => new Promise((resolve) => {
    const watcher = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watcher.disconnect();
      resolve();
    }, { rootMargin: "300px" });
    watcher.observe(place);
  });

  // The page's own query wins over the settings that its author chose.
  const settings = (place) => {
    const query = new URLSearchParams(JSON.parse(place.dataset.settings || "{}"));
    for (const [name, value] of new URLSearchParams(location.search)) query.set(name, value);
    return query.toString();
  };

  const embed = async (place, name) => {
    await seen(place);
    const address = new URL(`demos/${language() === "zh" ? "zh/" : ""}${name}/`, SITE);
    address.search = settings(place);
    const frame = make("iframe", { src: address.href, title: place.dataset.title || document.title });
    // What was shown stays until the frame has something to show; the frame says so itself.
    frame.addEventListener("rostra:shown", () => {
      place.classList.add("is-live");
      for (const child of [...place.children]) if (child !== frame) child.remove();
    }, { once: true });
    place.append(frame);
  };

  const live = async (place, name) => {
    for (let told = null; ; ) {
      const { state, demos } = await status();
      if (state === "ready") {
        if (demos.includes(name)) await embed(place, name);
        else await play(place, name);
        return;
      }
      if (!told) {
        const words = await play(place, name);
        told = make("p", { class: "starting", role: "status" }, words.starting);
        if (state !== "absent") place.prepend(told);
      }
      if (state === "lost") told.textContent = LOST[language()].demo;
      if (state === "absent" || state === "lost") return;
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  };

  // ---- inside a frame ----------------------------------------------------------------------------

  const framed = () => window !== parent;

  // Same origin: the frame reads the page's colours and sets its own height.
  const follow = () => {
    const host = framed() ? parent.document : null;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const scheme = () => host?.body.dataset.mdColorScheme ?? (dark.matches ? "slate" : "default");
    const colour = () => {
      document.documentElement.dataset.mdColorScheme = scheme();
      document.body?.classList.toggle("dark", scheme() === "slate");
    };
    colour();
    document.addEventListener("DOMContentLoaded", colour);
    dark.addEventListener("change", colour);
    if (!host) return;
    document.documentElement.classList.add("is-framed");
    new MutationObserver(colour).observe(host.body, { attributeFilter: ["data-md-color-scheme"] });
  };

  // Gradio stretches its own containers, so the height is where our content ends.
  const fit = (content) => {
    if (!framed()) return;
    const frame = window.frameElement;
    const resize = () => { frame.style.height = `${Math.ceil(content.getBoundingClientRect().bottom + scrollY) + 4}px`; };
    new ResizeObserver(resize).observe(content);
    resize();
    frame.dispatchEvent(new Event("rostra:shown"));
  };

  // ---- what a live demo is made of ---------------------------------------------------------------

  // Gradio hands these an element, its props, and how to tell it of a change.
  const stage = (element, props, watch) => {
    const root = element.querySelector(".rostra-stage");
    const shown = new Stage(root, props.words, props.classes);
    let silence;
    const show = () => {
      const view = props.value?.run === halted ? stopped(props.value) : props.value;
      clearTimeout(silence);
      if (view?.phase === "running") silence = setTimeout(() => shown.show(stopped(view)), SILENCE);
      if (view?.original) shown.show(view);
      else if (view?.notes && shown.view) shown.show({ ...shown.view, phase: "error", notes: view.notes });
      relabel();
    };
    watch("value", show);
    show();
    fit(document.querySelector(".rostra-live"));
  };

  // Gradio says "range slider for …" in English whatever the page's language; the role says it too.
  const relabel = () => {
    for (const input of document.querySelectorAll(".rostra-controls input[aria-label*=' for ']")) {
      input.setAttribute("aria-label", input.getAttribute("aria-label").replace(/^(range slider|number input) for /, ""));
    }
  };

  // A run that was stopped keeps what it has reached; what was still on its way is shown as that.
  let halted = null;
  const stopped = (view) => {
    if (view?.phase !== "running") return view;
    halted = view.run;
    const models = Object.fromEntries(Object.entries(view.models).map(([name, model]) =>
      [name, { ...model, phase: model.phase === "running" ? "stopped" : model.phase }]));
    return { ...view, phase: "stopped", models };
  };

  const picker = (element, props, trigger, watch) => {
    const { words, shown } = props;
    const root = element.querySelector(".rostra-picker");
    const mark = () => {
      const { set, kind, index } = props.value ?? {};
      for (const input of root.querySelectorAll("input[type=radio]")) {
        input.checked = kind === "test" && input.value === `${set} ${index}`;
      }
    };
    let chosen = null;
    const send = (value) => {
      props.value = chosen = value;
      mark();
      trigger("input");
    };
    const group = fresh("picture");
    const grids = Object.entries(shown).map(([set, { pictures, classes }]) =>
      make("fieldset", { class: "thumbs", "data-set": set }, make("legend", {}, words[set]), ...pictures.map((uri, index) =>
        make("label", { title: classes[index] },
          make("input", { type: "radio", name: group, value: `${set} ${index}`, onchange: () => send({ set, kind: "test", index }) }),
          make("img", { src: uri, alt: classes[index], width: 32, height: 32 })))));
    const { panel: board, door: draw } = drawing(words, send);
    const { panel: shelf, door: upload } = uploading(words, send, props.limit);
    root.replaceChildren(make("p", { class: "title", id: fresh("title") }, words.picture), ...grids,
      make("div", { class: "doors" }, draw, upload), board, shelf);
    root.setAttribute("role", "group");
    root.setAttribute("aria-labelledby", root.querySelector(".title").id);
    // The link's picture may arrive after a quick visitor has chosen another one: theirs stays.
    watch("value", () => {
      if (chosen && JSON.stringify(props.value) !== JSON.stringify(chosen)) props.value = chosen;
      mark();
    });
    mark();
  };

  // A button that opens a panel, and says so.
  const opening = (text, panel) => {
    panel.id = fresh("panel");
    panel.hidden = true;
    return make("button", { type: "button", "aria-expanded": "false", "aria-controls": panel.id, onclick: (event) => {
      panel.hidden = !panel.hidden;
      event.currentTarget.setAttribute("aria-expanded", String(!panel.hidden));
    } }, text);
  };

  const drawing = (words, send) => {
    const canvas = make("canvas", { width: 280, height: 280, role: "img", "aria-label": words.draw_here });
    const context = canvas.getContext("2d");
    const clear = () => {
      context.fillStyle = "black";
      context.fillRect(0, 0, canvas.width, canvas.height);
    };
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
    };
    const use = () => send({ set: "digits", kind: "drawn", data: canvas.toDataURL("image/png") });
    clear();
    Object.assign(context, { lineWidth: 24, lineCap: "round", lineJoin: "round", strokeStyle: "white" });
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      context.beginPath();
      context.moveTo(...at(event));
      context.lineTo(...at(event));
      context.stroke();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      context.lineTo(...at(event));
      context.stroke();
    });
    canvas.addEventListener("pointerup", use);
    const panel = make("div", { class: "board" }, make("p", {}, words.draw_here), canvas,
      make("div", { class: "doors" },
        make("button", { type: "button", onclick: use }, words.use),
        make("button", { type: "button", onclick: clear }, words.clear)));
    return { panel, door: opening(words.draw, panel) };
  };

  const uploading = (words, send, limit) => {
    const said = make("p", { class: "refused", role: "status" });
    const sets = make("select", { "aria-label": words.picture }, ...["signs", "digits"].map((set) => make("option", { value: set }, words[set])));
    const file = make("input", { type: "file", accept: "image/*", "aria-label": words.choose_file, onchange: () => {
      const [chosen] = file.files;
      said.textContent = !chosen ? "" : chosen.size > limit ? words.heavy : "";
      if (!chosen || chosen.size > limit) return;
      const reader = new FileReader();
      reader.addEventListener("load", () => send({ set: sets.value, kind: "file", data: reader.result }));
      reader.readAsDataURL(chosen);
    } });
    const panel = make("div", { class: "shelf-upload" }, make("p", {}, words.upload_note), sets, file, said);
    return { panel, door: opening(words.upload, panel) };
  };

  // ---- what is visited ---------------------------------------------------------------------------

  const visit = () => {
    const served = document.querySelector('meta[name="rostra-live"][content="true"]');
    const shown = (place, how) => how(place, place.dataset.demo).catch(() => {
      place.prepend(make("p", { class: "starting", role: "status" }, LOST[language()].recording));
    });
    for (const place of document.querySelectorAll(".rostra-hero[data-demo]")) shown(place, hero);
    for (const place of document.querySelectorAll(".rostra-demo[data-demo]")) shown(place, served ? live : play);
  };

  const own = document.currentScript.dataset.language;
  if (own) {
    document.documentElement.lang = own;
    follow();
    window.Rostra = { picker, stage, stopped };
  } else {
    if (!document.querySelector('link[href$="/demo.css"]')) {
      document.head.append(make("link", { rel: "stylesheet", href: new URL("stylesheets/demo.css", ASSETS).href }));
    }
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", visit);
    else visit();
  }
})();
