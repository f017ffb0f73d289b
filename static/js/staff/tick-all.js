// <tick-all>: a box in the head of a list that ticks every row, shift for a range, and a count; what
// is done to the ticked rows waits until there is one.
class TickAll extends HTMLElement {
  #last = null;

  connectedCallback() {
    const head = this.querySelector("thead .list__tick");
    if (!head) return;
    this.master = Object.assign(document.createElement("input"), { type: "checkbox" });
    this.master.setAttribute("aria-label", head.textContent.trim());
    head.append(this.master);
    this.words = this.querySelector("[data-chosen]");
    this.plain = this.words.textContent;
    this.addEventListener("click", this.#ticked);
    this.#count();
  }

  get #boxes() {
    return [...this.querySelectorAll("tbody .list__tick input")];
  }

  #ticked = ({ target, shiftKey }) => {
    if (target.type !== "checkbox") return;
    const boxes = this.#boxes;
    if (target === this.master) boxes.forEach((box) => (box.checked = target.checked));
    else {
      if (shiftKey && this.#last) this.#range(boxes, target);
      this.#last = target;
    }
    this.#count();
  };

  #range(boxes, target) {
    const [from, to] = [boxes.indexOf(this.#last), boxes.indexOf(target)].sort((a, b) => a - b);
    boxes.slice(from, to + 1).forEach((box) => (box.checked = target.checked));
  }

  #count() {
    const boxes = this.#boxes;
    const number = boxes.filter((box) => box.checked).length;
    this.setAttribute("ticked", number);
    this.master.checked = number > 0 && number === boxes.length;
    this.master.indeterminate = number > 0 && number < boxes.length;
    this.words.textContent = number ? this.words.dataset.chosen.replace("{number}", number) : this.plain;
    for (const act of this.querySelectorAll("[data-acts] button")) act.disabled = number === 0;
  }
}

customElements.define("tick-all", TickAll);
