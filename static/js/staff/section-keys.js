// g and then a letter leads to a section; the letters stand in the navigation.
const WITHIN_MS = 1200;
let waitsUntil = 0;

const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]");

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key === "g") {
    waitsUntil = event.timeStamp + WITHIN_MS;
    return;
  }
  if (event.timeStamp > waitsUntil) return;
  waitsUntil = 0;
  document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
});
