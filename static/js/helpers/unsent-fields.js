// What a reader has typed in a place and the shop does not hold: an answer that replaces the place
// must not lose it, and it goes first when she pays. What was refused keeps the words about it.
const TYPED = "input[name=quantity]:not([type=hidden]), textarea[name=note], input[name=code], input[name=email]";

export function unsentFields(place) {
  return [...place.querySelectorAll(TYPED)].filter((field) => isRefused(field) || isTyped(field));
}

// A code that was refused has been answered: it stays to be read, and keeps nobody from paying.
export function fieldsToSend(place) {
  return unsentFields(place).filter(({ form }) => !form.code || (form.code.value.trim() && [form.code, form.email].some(isTyped)));
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
  for (const words of old.closest("[data-basket]").querySelectorAll("[data-about]")) {
    if (old.form.elements[words.dataset.about]) fresh.querySelector("[data-notices]").append(words);
  }
  field.form.replaceWith(old.form);
  return old;
}

function isTyped(field) {
  return Boolean(field) && field.value !== field.defaultValue;
}

// What stands beside a refused field was refused with it: a code is asked for the address it counts by.
function isRefused({ form }) {
  return form.querySelector("[aria-invalid=true]") !== null;
}
