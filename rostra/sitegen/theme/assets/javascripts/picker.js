// Choosing a picture in a live demo: a test picture, a drawn digit, a file.
"use strict";
(() => {
  const { make, fresh, opening, uploading } = window.Rostra;
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
    let accepted = props.value;
    const refused = make("p", { class: "rostra-refused", "data-about": "picture", role: "alert" });
    let turn = 0;
    const send = (value) => {
      props.value = chosen = { ...value, turn: ++turn };
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
    const { panel: shelf, door: upload } = uploading(words, send, (text) => { refused.textContent = text; }, props.limits);
    root.replaceChildren(make("p", { class: "title", id: fresh("title") }, words.picture), ...grids,
      make("div", { class: "doors" }, draw, upload), board, shelf, refused);
    root.setAttribute("role", "group");
    root.setAttribute("aria-labelledby", root.querySelector(".title").id);
    // The link's picture may arrive after a quick visitor has chosen another one: theirs stays.
    watch("value", () => {
      if (chosen && JSON.stringify(props.value) !== JSON.stringify(chosen)) props.value = chosen;
      mark();
    });
    // A picture that was refused is not the one on the stage: the last good one stays chosen.
    // An answer to an earlier choice, while a later one is on its way, changes nothing.
    document.addEventListener("rostra:answered", ({ detail }) => {
      if (detail.turn !== chosen?.turn) return;
      if (detail.phase === "ready") accepted = props.value;
      else if (detail.phase === "error") props.value = chosen = accepted;
      mark();
    });
    mark();
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

  window.Rostra = Object.freeze({ ...window.Rostra, picker });
})();
