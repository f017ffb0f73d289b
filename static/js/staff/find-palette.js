// Ctrl-K opens one line that finds everything; what fits is fetched while somebody types.
import { ownHtml } from "../helpers/own-html.js";
import { isCommand } from "../helpers/typing.js";

const PAUSE_MS = 60;

class FindPalette extends HTMLElement {
  #asked = 0;
  #pause;

  connectedCallback() {
    const isApple = /Mac|iPhone|iPad/.test(navigator.platform);
    const sign = this.querySelector("[data-mac]");
    if (isApple) sign.textContent = sign.dataset.mac;
    addEventListener("keydown", (event) => isCommand(event, "k") && this.#open(event));
    this.querySelector("a").addEventListener("click", (event) => event.metaKey || event.ctrlKey || this.#open(event));
    this.querySelector("[data-close]").addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("click", ({ target }) => target === this.#dialog && this.#dialog.close());
    this.#dialog.addEventListener("close", () => this.#line.form.reset());
    this.#line.addEventListener("input", () => this.#look(PAUSE_MS));
    this.#line.addEventListener("keydown", (event) => this.#steer(event));
    this.#line.form.addEventListener("submit", (event) => this.#go(event));
  }

  get #dialog() { return this.querySelector("dialog"); }
  get #line() { return this.querySelector("[role=combobox]"); }
  get #box() { return this.querySelector("[role=listbox]"); }
  get #hits() { return [...this.#box.querySelectorAll("a[role=option]")]; }
  get #chosen() { return this.#box.querySelector("[aria-selected=true]"); }

  #open(event) {
    event.preventDefault();
    if (this.#dialog.open) return this.#line.select();
    // Another dialog's focus would be lost in this one.
    if (document.querySelector("dialog[open]")) return;
    this.#dialog.showModal();
    this.#look(0);
  }

  #look(pause) {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#fetch(++this.#asked), pause);
  }

  async #fetch(number) {
    const address = `${this.#line.form.action}?${new URLSearchParams({ q: this.#line.value })}`;
    const answer = await fetch(address, { headers: { "X-Fragment": "hits" } }).catch(() => null);
    if (number !== this.#asked) return;
    // Signed out meanwhile, or no network: the plain way says which.
    if (answer?.headers.get("X-Fragment") !== "hits") return this.#box.replaceChildren();
    this.#box.replaceChildren(ownHtml(await answer.text()));
    this.#choose(this.#hits[0]);
    this.querySelector("[data-tells]").textContent = this.#hits.length;
  }

  #steer(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey) return;
    event.preventDefault();
    const hits = this.#hits;
    this.#choose(hits.at((hits.indexOf(this.#chosen) + step) % hits.length));
  }

  #choose(hit) {
    this.#chosen?.setAttribute("aria-selected", "false");
    hit?.setAttribute("aria-selected", "true");
    hit?.scrollIntoView({ block: "nearest" });
    this.#line.setAttribute("aria-activedescendant", hit?.id ?? "");
  }

  #go(event) {
    if (!this.#chosen) return;
    event.preventDefault();
    this.#chosen.click();
  }
}

customElements.define("find-palette", FindPalette);
