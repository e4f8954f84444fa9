// A recording plays in the page once the visitor asks for it: until then nothing of its host is
// loaded. The transcript's times lead into it, and its words can be looked for. Without this script
// the times lead to the recording's own page.
(() => {
  const frame = (place, second) => {
    const made = document.createElement("iframe");
    made.src = place.dataset.player.replace("{second}", second);
    made.title = place.dataset.title;
    made.allow = "fullscreen; picture-in-picture; autoplay";
    made.referrerPolicy = "no-referrer";
    return made;
  };

  const file = (place, second) => {
    const made = document.createElement("video");
    made.controls = true;
    made.autoplay = true;
    made.src = place.dataset.player;
    made.setAttribute("aria-label", place.dataset.title);
    for (const { dataset } of place.querySelectorAll("[data-captions]")) {
      const track = document.createElement("track");
      Object.assign(track, { kind: "captions", src: dataset.captions, srclang: dataset.language, label: dataset.language });
      made.append(track);
    }
    made.currentTime = second;
    return made;
  };

  const play = (place, second) => {
    const running = place.querySelector("video");
    if (running) { running.currentTime = second; running.play(); return; }
    const made = place.dataset.kind === "file" ? file(place, second) : frame(place, second);
    place.querySelector(".video-player, .video-offer").replaceWith(made);
    made.classList.add("video-player");
    made.focus();
  };

  const look = (place) => {
    const field = place.querySelector("input");
    const status = place.querySelector("[role=status]");
    const said = [...place.querySelectorAll("[data-at]")].map((line) => [line, line.textContent.toLowerCase()]);
    field.addEventListener("input", () => {
      const wanted = field.value.normalize("NFKC").toLowerCase().trim();
      let found = 0;
      for (const [line, text] of said) {
        line.hidden = Boolean(wanted) && !text.includes(wanted);
        found += !line.hidden;
      }
      status.textContent = wanted ? status.dataset.found.replace("{count}", found) : "";
    });
  };

  const place = document.querySelector(".video");
  if (place) {
    place.querySelector("button").addEventListener("click", () => play(place, 0));
    for (const line of document.querySelectorAll(".transcript [data-at]")) {
      line.querySelector("a")?.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        play(place, Math.floor(line.dataset.at));
        place.scrollIntoView({ block: "nearest" });
      });
    }
  }
  for (const transcript of document.querySelectorAll(".transcript")) look(transcript);
})();
