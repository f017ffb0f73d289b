// Remembers where in a place the keyboard is, by the nearest id, so that new HTML in that place
// gets it back; where that is gone, the first of the fallbacks gets it.
const REACHABLE = "a, button, input, select, textarea";

export function focusKeeper(place) {
  const focused = document.activeElement;
  if (!place.contains(focused)) return () => {};
  const { id } = focused.closest("[id]") ?? place;
  const index = within(document.getElementById(id), focused);
  return (fallback) => {
    const home = document.getElementById(id);
    const same = index < 0 ? home : home?.querySelectorAll(REACHABLE)[index];
    const next = same?.disabled ? home.querySelector("input") : same;
    (next ?? place.querySelector(fallback))?.focus({ preventScroll: true });
  };
}

function within(home, focused) {
  return home ? [...home.querySelectorAll(REACHABLE)].indexOf(focused) : -1;
}
