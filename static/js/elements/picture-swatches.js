// <picture-swatches>: a colour that is pointed at, or reached by keyboard, shows its picture on the
// card; a finger's first tap does so too and stays, its second follows the link.
const NAME = /[0-9a-f]{2}\/[0-9a-f]{64}/g;

class PictureSwatches extends HTMLElement {
  #first;
  #isTouch = false;

  connectedCallback() {
    this.addEventListener("pointerdown", ({ pointerType }) => (this.#isTouch = pointerType === "touch"));
    this.addEventListener("pointerover", (event) => event.pointerType === "mouse" && this.#show(event));
    this.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.#restore());
    this.addEventListener("focusin", (event) => this.#isTouch || this.#show(event));
    this.addEventListener("focusout", () => this.#isTouch || this.#restore());
    this.addEventListener("click", this.#tap);
  }

  get #picture() {
    return this.closest("[data-card]")?.querySelector("picture");
  }

  #show({ target }) {
    const name = target.closest("a")?.dataset.picture;
    if (!name || !this.#picture) return;
    this.#first ??= this.#sources().map((source) => source.srcset);
    this.#put((srcset) => srcset.replace(NAME, `${name.slice(0, 2)}/${name}`));
  }

  #restore() {
    if (this.#first && !this.querySelector("[data-shown]")) this.#put((_, place) => this.#first[place]);
  }

  // The old picture stands until the new one is there, in the same frame: nothing shifts.
  #put(turned) {
    for (const [place, source] of this.#sources().entries()) {
      const srcset = turned(source.srcset, place);
      if (srcset !== source.srcset) source.srcset = srcset;
    }
  }

  #sources() {
    return [...this.#picture.querySelectorAll("source, img")];
  }

  #tap = (event) => {
    const swatch = event.target.closest("a[data-picture]");
    if (!this.#isTouch || !swatch || swatch.hasAttribute("data-shown")) return;
    event.preventDefault();
    this.querySelector("[data-shown]")?.removeAttribute("data-shown");
    swatch.setAttribute("data-shown", "");
    this.#show(event);
    for (const link of this.closest("[data-card]").querySelectorAll("[data-product-link], h2 a"))
      if (link.pathname === swatch.pathname) link.search = swatch.search;
  };
}

customElements.define("picture-swatches", PictureSwatches);
