// <cart-badge>: how many things are in the cart, from the cookie that the cart sets, so that a
// shared page says it too. Anyone may send "cart:changed" on document to have it read again.
class CartBadge extends HTMLElement {
  connectedCallback() {
    this.#show();
    document.addEventListener("cart:changed", this.#tick);
    addEventListener("pageshow", this.#show);
  }

  disconnectedCallback() {
    document.removeEventListener("cart:changed", this.#tick);
    removeEventListener("pageshow", this.#show);
  }

  #tick = () => {
    this.#show();
    this.removeAttribute("data-ticked");
    void this.offsetWidth;
    this.setAttribute("data-ticked", "");
  };

  #show = () => {
    const count = countFromCookie();
    this.textContent = count ? String(count) : "";
    const words = (count === 1 ? this.dataset.one : this.dataset.many).replace("{n}", count);
    this.toggleAttribute("hidden", !count);
    // The number alone says little to somebody who only hears it.
    this.parentElement.ariaLabel = count ? `${this.dataset.name}, ${words}` : null;
  };
}

function countFromCookie() {
  const found = document.cookie.match(/(?:^|;\s*)cart_count=(\d{1,4})(?:;|$)/);
  return found ? Number(found[1]) : 0;
}

customElements.define("cart-badge", CartBadge);
