// <buy-form>: shows price, stock and button as the chosen variant has them, and lets the page's
// address name it.
import { isGone } from "../helpers/gone.js";
import { showOwnPrice, showPrice } from "../helpers/shown-price.js";

class BuyForm extends HTMLElement {
  connectedCallback() {
    this.addEventListener("variant:chosen", this.#show);
    this.addEventListener("price:chosen", ({ detail }) => showOwnPrice(this, detail));
  }

  #show = ({ detail }) => {
    showPrice(this, detail);
    this.#availability(detail);
    const button = this.querySelector("[data-buy]");
    const gone = isGone(detail.availability);
    // In a preview nobody buys, whatever is chosen.
    button.disabled = gone || "onlyShown" in button.dataset;
    button.textContent = gone ? button.dataset[detail.availability === "held" ? "held" : "gone"] : button.dataset.buy;
    if (detail.isByHand && detail.id) history.replaceState(history.state, "", `?variant=${detail.id}`);
  };

  #availability({ availability, left, ships }) {
    for (const line of this.querySelectorAll("[data-when]")) {
      line.hidden = line.dataset.when !== availability;
      if (line.dataset.toldAs && ships) line.textContent = ships;
      if (line.dataset.words) line.textContent = line.dataset.words.replace("{n}", left ?? "");
    }
  }
}

customElements.define("buy-form", BuyForm);
