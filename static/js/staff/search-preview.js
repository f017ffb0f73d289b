// <search-preview>: keeps the search result beside the fields that make it; each part names its
// fields in data-of, the first that is filled counts.
class SearchPreview extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.parts = [...this.querySelectorAll("[data-of]")];
    this.parts.forEach((part) => (part.dataset.else = part.textContent));
    this.form.addEventListener("input", this.#show);
  }

  #show = ({ target }) => {
    const touched = this.parts.find((part) => part.dataset.of.split(" ").includes(target.name));
    if (!touched) return;
    const filled = touched.dataset.of.split(" ").map((name) => this.form.elements[name].value.trim());
    touched.textContent = filled.find(Boolean) ?? touched.dataset.else;
  };
}

customElements.define("search-preview", SearchPreview);
