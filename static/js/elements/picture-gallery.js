// <picture-gallery>: the small pictures turn the strip in place, and say which view is shown, by
// pointer or by the arrows; a chosen variant brings its picture forward. Tab stops at the view that
// is shown and at its small picture, and then goes on to what is for sale.
class PictureGallery extends HTMLElement {
  #watcher;

  connectedCallback() {
    if (!this.#strip) return;
    this.addEventListener("click", this.#turn);
    this.addEventListener("keydown", this.#step);
    document.addEventListener("variant:chosen", this.#follow);
    this.#watcher = new IntersectionObserver(this.#mark, { root: this.#strip, threshold: 0.6 });
    for (const view of this.#views) this.#watcher.observe(view);
  }

  disconnectedCallback() {
    document.removeEventListener("variant:chosen", this.#follow);
    this.#watcher?.disconnect();
  }

  get #strip() {
    return this.querySelector(".gallery__strip");
  }

  get #views() {
    return [...this.querySelectorAll(".gallery__view")];
  }

  #turn = (event) => {
    const link = event.target.closest("a[href^='#view_']");
    if (!link) return;
    event.preventDefault();
    this.#show(this.querySelector(link.hash));
  };

  #step = (event) => {
    const row = event.target.closest(".gallery__strip, .gallery__index");
    const links = [...(row?.querySelectorAll("a") ?? [])];
    const place = links.indexOf(event.target);
    // Beside the small pictures, up and down turn; on a large one they move the page, as ever.
    const upright = row?.matches(".gallery__index") && { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? upright;
    if (!step || place < 0) return;
    event.preventDefault();
    const next = links[place + step];
    next?.focus();
    if (next) this.#show(next.closest(".gallery__view") ?? this.querySelector(next.hash));
  };

  #follow = ({ detail }) => {
    const view = this.#views.find((one) => one.dataset.picture === detail.picture);
    if (view) this.#show(view);
  };

  #show(view) {
    this.#strip.scrollTo({ left: view.offsetLeft - this.#strip.offsetLeft });
  }

  #mark = (entries) => {
    const shown = entries.find((entry) => entry.isIntersecting)?.target;
    if (!shown) return;
    for (const view of this.#views) {
      const isShown = view === shown;
      const small = this.querySelector(`a[href="#${view.id}"]`);
      small.ariaCurrent = isShown ? "true" : null;
      for (const link of [small, view.querySelector("a")]) if (link) link.tabIndex = isShown ? 0 : -1;
    }
  };
}

customElements.define("picture-gallery", PictureGallery);
