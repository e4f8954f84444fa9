// For other pages: <script src="…/assets/javascripts/widget.js" data-series="…" data-language="…" async>
// puts the next talks in its place, in a frame as high as they are. The frame reads nothing of the
// page around it, sets no cookie, and asks no other host.
(() => {
  const script = document.currentScript;
  const { series = "all", language = "en" } = script.dataset;
  const frame = document.createElement("iframe");
  frame.src = new URL(`../../${language === "zh" ? "zh/" : ""}embed/${series}/`, script.src).href;
  frame.title = language === "zh" ? "讲座" : "Talks";
  frame.width = "100%";
  frame.height = "160";
  frame.style.border = "0";
  addEventListener("message", ({ source, data }) => {
    if (source === frame.contentWindow && data?.rostra === "height") frame.height = String(Math.min(4000, Number(data.height) || 160));
  });
  const put = () => (script.closest("body") ? script.after(frame) : document.body.append(frame));
  if (document.body) put(); else addEventListener("DOMContentLoaded", put);
})();
