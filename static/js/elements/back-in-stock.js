// <back-in-stock>: comes forward when what was chosen is sold out, and asks for that one.
class BackInStock extends HTMLElement {
  connectedCallback() {
    document.addEventListener("variant:chosen", this.#follow);
  }

  disconnectedCallback() {
    document.removeEventListener("variant:chosen", this.#follow);
  }

  #follow = ({ detail }) => {
    const isGone = detail.availability === "sold_out";
    this.querySelector("details").open = isGone;
    const wanted = this.querySelector("[name=variant_id]");
    if (isGone && detail.id) wanted.value = detail.id;
    // What was never made in this combination cannot come back.
    this.hidden = isGone && !detail.id;
  };
}

customElements.define("back-in-stock", BackInStock);
