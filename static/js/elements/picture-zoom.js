// <picture-zoom>: the picture of a gallery, enlarged over the page; larger still it is panned by
// scrolling, and the arrows go from picture to picture.
class PictureZoom extends HTMLElement {
  #links = [];
  #place = 0;

  connectedCallback() {
    this.parentElement.addEventListener("click", this.#open);
    this.addEventListener("click", this.#press);
    this.addEventListener("keydown", this.#key);
  }

  get #dialog() {
    return this.querySelector("dialog");
  }

  get #plate() {
    return this.querySelector("[data-plate]");
  }

  #open = (event) => {
    const link = event.target.closest("a[data-enlarge]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.#links = [...this.parentElement.querySelectorAll("a[data-enlarge]")];
    this.#turn(this.#links.indexOf(link));
    this.#dialog.showModal();
    this.#plate.focus();
  };

  #turn(place) {
    this.#place = (place + this.#links.length) % this.#links.length;
    const picture = this.#links[this.#place].querySelector("picture").cloneNode(true);
    const image = picture.querySelector("img");
    for (const source of picture.children) source.sizes = "1280px";
    for (const name of ["loading", "fetchpriority"]) image.removeAttribute(name);
    this.#plate.replaceChildren(picture);
    this.#scale(false);
    const { count } = this.dataset;
    const number = count.replace("{n}", this.#place + 1).replace("{all}", this.#links.length);
    this.querySelector("[data-number]").textContent = this.#links.length > 1 ? number : "";
    this.querySelector("[data-words]").textContent = image.alt;
  }

  #scale(isLarge, { x = 0.5, y = 0.5 } = {}) {
    const plate = this.#plate;
    plate.toggleAttribute("data-large", isLarge);
    this.querySelector("[data-scale]").textContent = isLarge ? this.dataset.smaller : this.dataset.larger;
    plate.scrollTo(plate.scrollWidth * x - plate.clientWidth / 2, plate.scrollHeight * y - plate.clientHeight / 2);
  }

  #press = ({ target, clientX, clientY }) => {
    const isLarge = this.#plate.hasAttribute("data-large");
    if (target.closest("[data-turn]")) this.#turn(this.#place + Number(target.closest("[data-turn]").dataset.turn));
    else if (target.closest("[data-scale]")) this.#scale(!isLarge);
    else if (target.matches("[data-plate] img")) {
      const { left, top, width, height } = target.getBoundingClientRect();
      this.#scale(!isLarge, { x: (clientX - left) / width, y: (clientY - top) / height });
    }
  };

  #key = ({ key }) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (step && this.#links.length > 1 && !this.#plate.hasAttribute("data-large")) this.#turn(this.#place + step);
    if (key === "+" || key === "-") this.#scale(key === "+");
  };
}

customElements.define("picture-zoom", PictureZoom);
