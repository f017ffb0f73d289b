// <buy-form>: shows price, stock and button as the chosen variant has them.
class BuyForm extends HTMLElement {
  connectedCallback() {
    this.addEventListener("variant:chosen", this.#show);
  }

  #show = ({ detail }) => {
    this.#price(detail);
    this.#availability(detail);
    const button = this.querySelector("[data-buy]");
    const gone = detail.availability === "sold_out";
    button.disabled = gone;
    button.textContent = gone ? button.dataset.gone : button.dataset.buy;
  };

  #price({ price, compareAt }) {
    const now = this.querySelector("[data-price]");
    if (price && now) now.textContent = price;
    const was = this.querySelector("[data-compare-at]");
    if (!was) return;
    was.hidden = !compareAt;
    was.querySelector("[data-amount]").textContent = compareAt ?? "";
  }

  #availability({ availability, left }) {
    for (const words of this.querySelectorAll("[data-when]"))
      words.hidden = words.dataset.when !== availability;
    this.querySelector("[data-left]").textContent = left ?? "";
  }
}

customElements.define("buy-form", BuyForm);
