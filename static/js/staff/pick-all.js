// Ticks every row of a list at once, and says how many are ticked; the boxes work without it.
class PickAll extends HTMLElement {
  connectedCallback() {
    this.#all.hidden = false;
    this.addEventListener("change", (event) => {
      if (event.target === this.#all) for (const box of this.#boxes) box.checked = this.#all.checked;
      this.#tell();
    });
    this.#tell();
  }

  get #all() {
    return this.querySelector("[data-all]");
  }

  get #boxes() {
    return [...this.querySelectorAll("tbody input[type=checkbox]")];
  }

  #tell() {
    const ticked = this.#boxes.filter((box) => box.checked).length;
    this.setAttribute("ticked", ticked);
    this.#all.checked = ticked > 0 && ticked === this.#boxes.length;
    this.#all.indeterminate = ticked > 0 && ticked < this.#boxes.length;
    const words = this.querySelector("[data-words]");
    words.textContent = words.dataset.words.replace("%n", ticked);
    for (const act of this.querySelectorAll("[data-acts] button")) act.disabled = ticked === 0;
  }
}

customElements.define("pick-all", PickAll);
