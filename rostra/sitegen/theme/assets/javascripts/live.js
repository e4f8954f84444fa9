// A live demo's stage: what Gradio and the page around the frame need of it.
"use strict";
(() => {
  const { Stage } = window.Rostra;
  const SILENCE = 5000; // ms: a run of which nothing is heard for so long has ended

  // Gradio stretches its own containers, so the height is where our content ends.
  const fit = (content) => {
    if (window === parent) return;
    const frame = window.frameElement;
    const resize = () => { frame.style.height = `${Math.ceil(content.getBoundingClientRect().bottom + scrollY) + 4}px`; };
    new ResizeObserver(resize).observe(content);
    resize();
    frame.dispatchEvent(new Event("rostra:shown"));
  };

  // On a phone the stage is above the button: a run that nobody sees is brought into view.
  const bring = (root) => {
    const top = window.frameElement?.getBoundingClientRect().top ?? 0;
    const { bottom } = root.getBoundingClientRect();
    if (top + bottom < parent.innerHeight / 4) root.scrollIntoView({ block: "start" });
  };

  // Gradio hands these an element, its props, and how to tell it of a change.
  const stage = (element, props, watch) => {
    const root = element.querySelector(".rostra-stage");
    const shown = new Stage(root, props.words, props.classes);
    let silence;
    const show = () => {
      const view = props.value?.run === halted ? stopped(props.value) : props.value;
      clearTimeout(silence);
      if (view?.phase === "running") silence = setTimeout(() => shown.show(stopped(view)), SILENCE);
      if (view?.original) {
        if (view.phase === "running" && view.run !== shown.view?.run) bring(root);
        shown.show(view);
      } else if (shown.view?.phase === "running") shown.show(stopped(shown.view)); // it broke off
      answer(view ?? {});
      relabel();
    };
    watch("value", show);
    document.addEventListener("rostra:asked", ({ detail }) => shown.ask(detail));
    show();
    fit(document.querySelector(".rostra-live"));
  };

  // A refusal is said where the visitor acted, until the next answer.
  const answer = (view) => {
    for (const place of document.querySelectorAll(".rostra-refused")) {
      place.textContent = view.phase === "error" && place.dataset.about === view.about ? view.notes.join(" ") : "";
    }
    document.dispatchEvent(new CustomEvent("rostra:answered", { detail: view }));
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

  const asked = (names, held) => {
    const detail = Object.fromEntries(names.map((name, i) => [name, held[i]]));
    document.dispatchEvent(new CustomEvent("rostra:asked", { detail }));
  };

  const { early, ...shared } = window.Rostra;
  window.Rostra = Object.freeze({ ...shared, stage, stopped, asked });
  for (const [name, given] of early) window.Rostra[name](...given);
})();
