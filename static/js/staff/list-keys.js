// j and k go down and up through the rows of a list, by the link that each row begins with; Enter
// opens it as it opens any link. / leads to the search of the list.
import { isFree } from "../helpers/typing.js";

const ROWS = "main :is(.list tbody tr, .waiting__task, .recent li)";

addEventListener("keydown", (event) => {
  if (!isFree(event)) return;
  const step = { j: 1, k: -1 }[event.key];
  if (step) return go(step, event);
  if (event.key !== "/") return;
  const line = document.querySelector("main [role=search] input:not([type=hidden])");
  if (!line) return;
  event.preventDefault();
  line.focus();
  line.select();
});

function go(step, event) {
  const links = [...document.querySelectorAll(ROWS)].map((row) => row.querySelector("a[href]")).filter((link) => link?.checkVisibility());
  if (!links.length) return;
  event.preventDefault();
  const row = document.activeElement.closest(ROWS);
  const here = row ? links.findIndex((link) => row.contains(link)) : -1;
  const next = here < 0 && step < 0 ? links.length - 1 : Math.min(Math.max(here + step, 0), links.length - 1);
  links[next].focus();
}
