// On a phone the sections are one row that scrolls: the one that somebody is in stands in sight.
const sections = document.querySelector(".desk__sections");
const here = sections?.querySelector("[aria-current]");

if (here && sections.scrollWidth > sections.clientWidth) {
  const middle = here.offsetLeft - sections.offsetLeft - (sections.clientWidth - here.offsetWidth) / 2;
  sections.scrollLeft = middle;
}
