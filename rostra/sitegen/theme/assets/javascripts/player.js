// A recorded run: the stage with two sliders, budget and step, instead of a server.
"use strict";
(() => {
  const { language, make, fresh, fill, read, MODELS, Stage } = window.Rostra;
  const ASSETS = new URL("../", document.currentScript.src);

  const recordings = new Map();
  const recording = (name) => {
    if (!recordings.has(name)) {
      const loading = read(new URL(`recordings/${name}.json`, ASSETS));
      loading.catch(() => recordings.delete(name));
      recordings.set(name, loading);
    }
    return recordings.get(name);
  };

  // What was true of a model at a step; how it ended is only told at the end, once it is fooled, or
  // where it was wrong from the start.
  const phase = (take, step, last) => {
    const told = take.phase === "wrong" || (take.phase === "fooled" && step >= take.at);
    return told || step === last ? take.phase : "running";
  };

  // What the stage shows of run `index` at `step`.
  const moment = (tape, index, step) => {
    const run = tape.runs[index];
    const models = {};
    for (const name of MODELS) {
      const take = run[name];
      const frame = run.keyframes.findLastIndex((key) => key <= step);
      models[name] = {
        film: take.film, frame, probs: take.probs[step], before: tape.clean[name][0], cost: take.cost,
        at: take.at, phase: phase(take, step, run.steps),
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
    return { input, root: make("div", { class: "slider" }, make("label", { for: input.id }, label), input, output) };
  };
  const epsilon = (run) => `${run.eps}/255`;

  // What makes it believed: when, with what, where and from which seed it was run.
  const recorded = (tape, words) => {
    const { date, rostra: version, torch, device, seed } = tape;
    return make("p", { class: "recorded" }, fill(words.recorded, { date, version, torch, device, seed }));
  };

  const play = async (place, name) => {
    const tape = await recording(name);
    const words = tape.words[language];
    const root = make("div");
    const stage = new Stage(root, words, { [tape.set]: tape.classes[language] });
    const show = () => stage.show(moment(tape, Number(eps.input.value), Number(step.input.value)));
    const eps = slider(words.eps, tape.runs.length - 1, tape.shown, (i) => epsilon(tape.runs[i]), show);
    const { steps } = tape.runs[tape.shown];
    const step = slider(words.scrub, steps, steps, String, show);
    place.replaceChildren(make("div", { class: "rostra-player" },
      make("div", { class: "sliders" }, eps.root, step.root), root, recorded(tape, words)));
    show();
    return words;
  };

  window.Rostra = Object.freeze({ ...window.Rostra, recording, recorded, epsilon, slider, play });
})();
