// <last-unit>: offers the line for the variant that was chosen, and stays away for all others.
class LastUnit extends HTMLElement {
  connectedCallback() {
    document.addEventListener("variant:chosen", this.#follow);
  }

  disconnectedCallback() {
    document.removeEventListener("variant:chosen", this.#follow);
  }

  #follow = ({ detail }) => {
    this.hidden = detail.availability !== "held";
    for (const way of this.querySelectorAll("[data-variant]")) {
      way.hidden = way.dataset.variant !== String(detail.id);
    }
  };
}

customElements.define("last-unit", LastUnit);
