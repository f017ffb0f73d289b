// What a reader has typed in a place and the shop does not hold: an answer that replaces the place
// must not lose it, and it goes first when she pays. What was refused keeps the words about it.
const TYPED = "input[name=quantity]:not([type=hidden]), textarea[name=note]";

export function unsentFields(place) {
  const isUnsent = (field) => isRefused(field) || field.value !== field.defaultValue;
  return [...place.querySelectorAll(TYPED)].filter(isUnsent);
}

// Writes into the new HTML what stood in a field of the old; returns the field, if it is still there.
export function writeAgain(fresh, old) {
  const isTwin = (field) => field.name === old.name && field.form.action === old.form.action;
  const field = [...fresh.querySelectorAll(TYPED)].find(isTwin);
  if (field && isRefused(old) && !isRefused(field)) return stayRefused(fresh, field, old);
  if (field) field.value = old.value;
  return field;
}

function stayRefused(fresh, field, old) {
  const words = old.closest("[data-basket]").querySelector(`[data-about=${old.name}]`);
  fresh.querySelector("[data-notices]").append(words);
  field.form.replaceWith(old.form);
  return old;
}

function isRefused(field) {
  return field.matches("[aria-invalid=true]");
}
