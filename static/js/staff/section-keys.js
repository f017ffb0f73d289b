// g and then a letter leads to a section; the letters stand in the navigation.
import { isFree } from "../helpers/typing.js";

const WITHIN_MS = 1200;
let waitsUntil = 0;

addEventListener("keydown", (event) => {
  if (!isFree(event)) return;
  if (event.key === "g") {
    waitsUntil = event.timeStamp + WITHIN_MS;
    return;
  }
  if (event.timeStamp > waitsUntil) return;
  waitsUntil = 0;
  const section = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!section) return;
  // Whatever else this letter does, it was spoken for.
  event.preventDefault();
  section.click();
});
