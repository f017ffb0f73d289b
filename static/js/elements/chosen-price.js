// <chosen-price>: says which price is picked or typed, "price:chosen" with its words; none while what
// is typed cannot be paid.
class ChosenPrice extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this.#say);
    // A page that comes back from history keeps what was picked.
    this.#say();
  }

  #say = () => {
    const picked = this.querySelector("[name=price]:checked");
    const isTyped = !picked || picked.value === "own";
    const words = isTyped ? this.#typed() : picked.nextElementSibling.textContent.trim();
    this.dispatchEvent(new CustomEvent("price:chosen", { bubbles: true, detail: { words } }));
  };

  #typed() {
    const { currency, least, most } = this.dataset;
    const typed = this.querySelector("[name=own_price]").value.replace(/^\s*\$|[,\s]/g, "");
    const amount = /^\d+(\.\d+)?$/.test(typed) ? Number(typed) : NaN;
    if (!(amount >= Number(least) && amount <= Number(most))) return "";
    const written = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency });
    return written.format(amount);
  }
}

customElements.define("chosen-price", ChosenPrice);
