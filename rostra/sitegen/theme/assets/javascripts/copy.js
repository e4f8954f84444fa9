// Copying a text, and the button that does it: for pages and demos alike.
// Scripts share one frozen namespace; each adds what it is for, and takes from it at its top.
"use strict";
(() => {
  const SAID = 2000; // ms for which a button says that it has copied

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

  // What a button says anew is heard by who cannot see it, if it stands in a region that was there.
  const region = document.createElement("p");
  region.setAttribute("role", "status");
  Object.assign(region.style, { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" });

  const copyButton = (source, words) => {
    if (!region.isConnected) document.body.append(region);
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "copy", textContent: words.copy });
    button.addEventListener("click", async () => {
      if (!(await copied(source))) return;
      button.textContent = region.textContent = words.copied;
      setTimeout(() => {
        button.textContent = words.copy;
        region.textContent = "";
      }, SAID);
    });
    return button;
  };

  window.Rostra = Object.freeze({ ...window.Rostra, copyButton });
})();
