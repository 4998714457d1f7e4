// Leaves at once. Nothing here is needed: every page of the resident's door works without it, and it keeps nothing.
(() => {
  "use strict";
  const way = document.querySelector("[data-leave]");
  if (!way) return;

  // A page that holds what must be written down asks before it goes, until its box is ticked. Leaving at once does not.
  const written = document.querySelector("input[name=written]");
  let isFree = false;
  document.addEventListener("submit", () => { isFree = true; setTimeout(() => { isFree = false; }, 3000); });
  addEventListener("beforeunload", (event) => { if (written && !written.checked && !isFree) event.preventDefault(); });

  // The page is gone from the screen and from the list of pages before the other site has answered.
  const leave = () => {
    isFree = true;
    document.title = "";
    document.body.hidden = true;
    fetch("/leave", { keepalive: true, redirect: "manual" }).catch(() => {});
    location.replace(way.dataset.leave);
  };
  way.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });

  // Escape three times leaves too, from wherever one is typing.
  const WITHIN = 3000;
  let pressed = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") { pressed = []; return; }
    if (event.repeat) return;
    pressed = [...pressed.filter((at) => event.timeStamp - at < WITHIN), event.timeStamp];
    if (pressed.length < 3) return;
    event.preventDefault(); // or the browser would take it for an order to stop going
    leave();
  });
})();
