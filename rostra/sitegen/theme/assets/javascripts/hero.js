// The first page: a recorded run with one slider, and what two models say at its end.
"use strict";
(() => {
  const { language, prefix, make, fill, percent, MODELS, Pictures, recording, recorded, epsilon, slider } = window.Rostra;
  const SITE = new URL("../../", document.currentScript.src);

  const hero = async (place, name) => {
    const tape = await recording(name);
    const words = tape.words[language];
    const classes = tape.classes[language];
    const pictures = new Pictures(words);
    const says = ([index, permille]) => ({ label: classes[index], percent: percent(permille) });
    const caption = (key, [index, permille]) => {
      const text = `${classes[index]} ${percent(permille)}`;
      return { text, long: fill(words.picture_is, { name: words[key], label: text }) };
    };
    const column = (model) => {
      const verdict = make("p");
      return { verdict, root: make("div", { class: `is-${model}` }, make("strong", { class: "name" }, words[`hero_${model}`]), verdict) };
    };
    const columns = Object.fromEntries(MODELS.map((model) => [model, column(model)]));
    const verdict = (take, steps) => {
      if (take.phase !== "fooled") return fill(words.hero_holds, says(take.probs[steps][0]));
      const key = take.at === 1 ? "hero_fooled_one" : "hero_fooled";
      return fill(words[key], { step: take.at, ...says(take.probs[steps][0]) });
    };
    const show = (index) => {
      const { standard, robust, factor, steps, keyframes } = tape.runs[index];
      pictures.show(tape.original, { film: standard.film, frame: keyframes.length - 1 }, factor, [
        caption("original", tape.clean.standard[0]),
        { text: `× ${factor}`, long: fill(words.perturbation, { factor }) },
        caption("adversarial", standard.probs[steps][0]),
      ]);
      pictures.root.dataset.fooled = String(standard.phase === "fooled");
      columns.standard.verdict.textContent = verdict(standard, steps);
      columns.robust.verdict.textContent = verdict(robust, steps);
    };
    const eps = slider(words.eps, tape.runs.length - 1, tape.shown, (i) => epsilon(tape.runs[i]), show);
    const gallery = new URL(`${prefix}gallery/${name}/`, SITE);
    place.replaceChildren(pictures.root, eps.root,
      make("div", { class: "verdicts", "aria-live": "polite" }, ...MODELS.map((model) => columns[model].root)),
      make("p", {}, make("a", { href: gallery.href }, words.yourself)),
      recorded(tape, words));
    show(tape.shown);
  };

  window.Rostra = Object.freeze({ ...window.Rostra, hero });
})();
