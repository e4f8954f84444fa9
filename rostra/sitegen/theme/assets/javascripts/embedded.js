// In the frame that another page shows: it says how high it is, and nothing else.
(() => {
  const tell = () => {
    const height = Math.ceil(document.querySelector("main").getBoundingClientRect().bottom) + 1;
    parent.postMessage({ rostra: "height", height }, "*");
  };
  new ResizeObserver(tell).observe(document.querySelector("main"));
})();
