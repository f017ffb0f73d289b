// <quantity-stepper>: a button on either side of a number field; the field alone works too.
class QuantityStepper extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#step);
    this.addEventListener("change", this.#settle);
    for (const button of this.#buttons) button.hidden = false;
    this.#settle();
  }

  get #input() {
    return this.querySelector("input");
  }

  get #buttons() {
    return this.querySelectorAll("[data-step]");
  }

  #step = (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    const before = this.#input.value;
    button.dataset.step > 0 ? this.#input.stepUp() : this.#input.stepDown();
    if (this.#input.value === before) return;
    this.#input.dispatchEvent(new Event("input", { bubbles: true }));
    this.#input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  #settle = () => {
    const { value, min, max } = this.#input;
    const [fewer, more] = this.#buttons;
    // Not disabled: a button that is pressed must not drop the keyboard's place on the page.
    fewer.ariaDisabled = String(Number(value) <= Number(min));
    more.ariaDisabled = String(Number(value) >= Number(max));
  };
}

customElements.define("quantity-stepper", QuantityStepper);
