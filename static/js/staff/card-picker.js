// <card-picker>: puts a product's card where the letter is being written, without sending the form.
class CardPicker extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#put);
  }

  #put = (event) => {
    const handle = event.target.closest("button")?.closest("[data-handle]")?.dataset.handle;
    if (!handle) return;
    event.preventDefault();
    const text = this.querySelector("textarea");
    const before = text.value.slice(0, text.selectionStart);
    const line = `${gap(before)}[[product:${handle}]]\n\n`;
    text.setRangeText(line, text.selectionStart, text.selectionEnd, "end");
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  };
}

// A card stands in a line of its own, with an empty one above it.
function gap(before) {
  if (!before.trim() || before.endsWith("\n\n")) return "";
  return before.endsWith("\n") ? "\n" : "\n\n";
}

customElements.define("card-picker", CardPicker);
