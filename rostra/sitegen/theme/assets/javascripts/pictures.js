// Original + perturbation = adversarial: three canvases that hold pixels exactly as computed.
"use strict";
(() => {
  const { make } = window.Rostra;
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
        this.captions[i].classList.toggle("is-quiet", caption.wins === false);
        this.canvases[i].setAttribute("aria-label", caption.long ?? caption.text);
      });
    }
  }

  window.Rostra = Object.freeze({ ...window.Rostra, Pictures });
})();
