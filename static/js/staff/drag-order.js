// <drag-order>: the [data-drag] parts of a list are dragged into another order; the buttons of each
// part do the same from the keyboard.
class DragOrder extends HTMLElement {
  #held = null;

  connectedCallback() {
    this.querySelectorAll("[data-drag]").forEach((part) => (part.draggable = true));
    this.addEventListener("dragstart", this.#take);
    this.addEventListener("dragover", this.#over);
    this.addEventListener("dragend", this.#drop);
  }

  #take = (event) => {
    // Inside a field one marks words, and moves nothing.
    if (event.target.closest("input, textarea, select, summary")) return event.preventDefault();
    this.#held = event.target.closest("[data-drag]");
    this.#held?.toggleAttribute("data-held", true);
    event.dataTransfer.effectAllowed = "move";
    return undefined;
  };

  #over = (event) => {
    const under = event.target.closest("[data-drag]");
    if (!this.#held || !under || under === this.#held) return;
    event.preventDefault();
    const isBefore = this.#held.compareDocumentPosition(under) & Node.DOCUMENT_POSITION_PRECEDING;
    under[isBefore ? "before" : "after"](this.#held);
  };

  #drop = () => {
    this.#held?.toggleAttribute("data-held", false);
    this.#held = null;
    this.dispatchEvent(new Event("input", { bubbles: true }));
  };
}

customElements.define("drag-order", DragOrder);
