// What a reader has typed in a place and not sent: an answer that replaces the place must not lose
// it, and it goes first when she pays.
const TYPED = "input[name=quantity]:not([type=hidden]), textarea[name=note]";

export function unsentFields(place) {
  return [...place.querySelectorAll(TYPED)].filter((field) => field.value !== field.defaultValue);
}

// Writes into the new HTML what stood in a field of the old; returns the field, if it is still there.
export function writeAgain(place, { name, value, form: gone }) {
  const isTwin = (field) => field.name === name && field.form.action === gone.action;
  const field = [...place.querySelectorAll(TYPED)].find(isTwin);
  if (field) field.value = value;
  return field;
}
