// Demos in a page: the live demo where its server answers, the recorded run where it does not.
"use strict";
(() => {
  const { language, prefix, make, read, play, hero } = window.Rostra;
  const SITE = new URL("../../", document.currentScript.src);

  // Every other word comes from the recording or the demo; these are for when neither can be had.
  const LOST = {
    en: { recording: "The recorded run could not be loaded; reload the page to try again.", demo: "The live demo does not answer; this is a recorded run." },
    zh: { recording: "录制未能载入，请刷新页面重试。", demo: "现场演示没有响应，这里播放录制。" },
  };

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
    const address = new URL(`demos/${prefix}${name}/`, SITE);
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
      if (state === "lost") told.textContent = LOST[language].demo;
      if (state === "absent" || state === "lost") return;
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  };

  const served = document.querySelector('meta[name="rostra-live"][content="true"]');
  const shown = (place, how) => how(place, place.dataset.demo).catch(() => {
    place.prepend(make("p", { class: "starting", role: "status" }, LOST[language].recording));
  });
  for (const place of document.querySelectorAll(".rostra-hero[data-demo]")) shown(place, hero);
  for (const place of document.querySelectorAll(".rostra-demo[data-demo]")) shown(place, served ? live : play);
})();
