// Suggests while somebody types into a search: arrows choose, Enter goes there, Escape leaves.
import { ownHtml } from "../helpers/own-html.js";

const PAUSE_MS = 140;
const COMBOBOX = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };

class SearchSuggest extends HTMLElement {
  #asking;
  #pause;

  connectedCallback() {
    for (const [name, value] of Object.entries(COMBOBOX)) this.#line.setAttribute(name, value);
    this.#line.addEventListener("input", () => this.#later());
    this.#line.addEventListener("keydown", (event) => this.#steer(event));
    this.#line.form.addEventListener("submit", (event) => this.#go(event));
    this.addEventListener("focusout", ({ relatedTarget }) => this.contains(relatedTarget) || this.#close());
  }

  get #line() { return this.querySelector("input"); }
  get #box() { return this.querySelector("[role=listbox]"); }
  get #options() { return [...this.#box.querySelectorAll("[role=option]")]; }
  get #status() { return this.querySelector("[role=status]"); }
  get #chosen() { return this.#box.querySelector("[aria-selected=true]"); }

  #later() {
    this.#close();
    if (this.#line.value.trim().length > 1) this.#pause = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  async #ask() {
    const { signal } = (this.#asking = new AbortController());
    const address = `${this.dataset.address}?${new URLSearchParams({ q: this.#line.value.trim() })}`;
    const html = await fetch(address, { signal }).then((answer) => (answer.ok ? answer.text() : ""), () => "");
    if (signal.aborted) return;
    this.#box.replaceChildren(ownHtml(html));
    const { length } = this.#options;
    this.#open(length > 0);
    const { none, one, many } = this.#status.dataset;
    this.#status.textContent = length > 1 ? many.replace("{n}", length) : length ? one : none;
  }

  #steer(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isLeaving = event.key === "Escape" && !this.#box.hidden;
    if (!isLeaving && (!step || event.altKey || this.#box.hidden)) return;
    event.preventDefault();
    if (isLeaving) return this.#close();
    // Between the last and the first stands the line itself: nothing is chosen there.
    const places = [null, ...this.#options];
    this.#choose(places.at((places.indexOf(this.#chosen) + step) % places.length));
  }

  #choose(option) {
    this.#chosen?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    this.#line.setAttribute("aria-activedescendant", option?.id ?? "");
  }

  #go(event) {
    if (!this.#chosen) return;
    event.preventDefault();
    this.#chosen.click();
  }

  #open(isOpen) {
    if (!isOpen) this.#choose(null);
    this.#box.hidden = !isOpen;
    this.#line.setAttribute("aria-expanded", String(isOpen));
  }

  #close() {
    clearTimeout(this.#pause);
    this.#asking?.abort();
    this.#open(false);
    this.#status.textContent = "";
  }
}

customElements.define("search-suggest", SearchSuggest);
