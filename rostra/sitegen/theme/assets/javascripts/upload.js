// A file that a visitor brings; a large photo is made small here, before it is sent.
"use strict";
(() => {
  const { make, fill, opening } = window.Rostra;
  const PLENTY = 512; // pixels of the longer side: far more than a model reads
  const MOST = 64e6; // pixels that a browser is asked to decode
  const PHOTOS = ["image/jpeg", "image/png", "image/webp", "image/bmp"];

  const HEAVIEST = 64e6; // bytes of a file that is read at all

  const address = (file) => new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result));
    reader.addEventListener("error", () => failed(reader.error));
    reader.readAsDataURL(file);
  });

  // A picture's size, known before it is decoded; nothing for what is no picture.
  const measured = (uri) => new Promise((done) => {
    const image = new Image();
    image.addEventListener("load", () => done({ width: image.naturalWidth, height: image.naturalHeight }));
    image.addEventListener("error", () => done(null));
    image.src = uri;
  });

  const shrunk = async (file, { width, height }) => {
    const scale = Math.min(1, PLENTY / Math.max(width, height));
    const [resizeWidth, resizeHeight] = [width, height].map((side) => Math.max(1, Math.round(scale * side)));
    const bitmap = await createImageBitmap(file, { resizeWidth, resizeHeight, resizeQuality: "high" });
    const canvas = make("canvas", { width: bitmap.width, height: bitmap.height });
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    return canvas.toDataURL("image/png");
  };

  // What is sent of a file. Whatever cannot be made small goes as it is: the server says what is wrong.
  const prepared = async (file, limits) => {
    const uri = await address(file);
    const size = PHOTOS.includes(file.type) ? await measured(uri) : null;
    const pixels = size ? size.width * size.height : 0;
    if (pixels > MOST || (file.size <= limits.bytes && pixels <= limits.pixels)) return { uri };
    const small = size && await shrunk(file, size).catch(() => null);
    return small ? { uri: small, size } : { uri };
  };

  const uploading = (words, send, refuse, limits) => {
    const told = make("p", { class: "told", role: "status" });
    const sets = make("select", { "aria-label": words.picture }, ...["signs", "digits"].map((set) => make("option", { value: set }, words[set])));
    const file = make("input", { type: "file", accept: "image/*", onchange: async () => {
      const [chosen] = file.files;
      file.value = ""; // the same file may be chosen again
      refuse("");
      told.textContent = "";
      if (!chosen) return;
      if (chosen.size > HEAVIEST) return refuse(words.heavy);
      const { uri, size } = await prepared(chosen, limits).catch(() => ({ uri: "" }));
      if (!uri) return refuse(words.unreadable);
      if (!size && chosen.size > limits.bytes) return refuse(words.heavy);
      told.textContent = size ? fill(words.shrunk, size) : "";
      send({ set: sets.value, kind: "file", data: uri });
    } });
    const panel = make("div", { class: "shelf-upload" }, make("p", {}, words.upload_note),
      make("div", { class: "doors" }, sets, make("label", { class: "file" }, words.choose_file, file)), told);
    return { panel, door: opening(words.upload, panel) };
  };

  window.Rostra = Object.freeze({ ...window.Rostra, uploading });
})();
