// Whether a key belongs to whoever types: letters are shortcuts only outside of fields and dialogs.
const FIELDS = "input, textarea, select, [contenteditable]:not([contenteditable=false])";

export function isFree(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  return !event.isComposing && !event.target.closest?.(FIELDS) && !document.querySelector("dialog[open]");
}

// Ctrl on most keyboards, ⌘ on Apple's.
export function isCommand(event, letter) {
  const { ctrlKey, metaKey, altKey, shiftKey, key } = event;
  return ctrlKey !== metaKey && !altKey && !shiftKey && key.toLowerCase() === letter;
}
