// <picture-gallery>: the small pictures turn the strip in place, and say which view is shown, by
// pointer or by the arrows; a chosen variant brings its picture forward.
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
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    const links = [...this.querySelectorAll("a[href^='#view_']")];
    const next = links[links.indexOf(event.target) + step];
    if (!step || !links.includes(event.target)) return;
    event.preventDefault();
    next?.focus();
    if (next) this.#show(this.querySelector(next.hash));
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
    for (const link of this.querySelectorAll("a[href^='#view_']")) {
      if (link.hash === `#${shown.id}`) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
}

customElements.define("picture-gallery", PictureGallery);
