// <buy-bar>: stands at the thumb while the button that it repeats is out of sight, and follows the
// choice; nothing of it can be reached while it is away.
import { isGone } from "../helpers/gone.js";
import { showOwnPrice, showPrice } from "../helpers/shown-price.js";

class BuyBar extends HTMLElement {
  #watcher;
  #isGone = false;
  #isNear = true;

  connectedCallback() {
    const button = document.querySelector("[data-buy]");
    document.addEventListener("variant:chosen", this.#follow);
    document.addEventListener("price:chosen", this.#tell);
    this.#isGone = button.disabled;
    this.#watcher = new IntersectionObserver(([{ isIntersecting }]) => {
      this.#isNear = isIntersecting;
      this.#settle();
    });
    this.#watcher.observe(button);
  }

  disconnectedCallback() {
    document.removeEventListener("variant:chosen", this.#follow);
    document.removeEventListener("price:chosen", this.#tell);
    this.#watcher.disconnect();
  }

  #follow = ({ detail }) => {
    this.#isGone = isGone(detail.availability);
    showPrice(this, detail);
    this.querySelector("[data-choice]").textContent = detail.label ?? "";
    this.#settle();
  };

  #tell = ({ detail }) => showOwnPrice(this, detail);

  #settle() {
    this.toggleAttribute("data-shown", !this.#isNear && !this.#isGone);
  }
}

customElements.define("buy-bar", BuyBar);
