// Wraps a form: says in its save bar when something differs from what was loaded, warns before
// that is left behind, and saves by Ctrl-S.
import { isCommand } from "../helpers/typing.js";

class UnsavedForm extends HTMLElement {
  #loaded;
  #words;

  connectedCallback() {
    const form = this.querySelector("form");
    const words = this.querySelector(".save_bar__words");
    this.#words = words?.textContent ?? "";
    this.#loaded = this.hasAttribute("unsaved") ? null : written(form);
    form.addEventListener("input", () => this.#tell(form, words));
    form.addEventListener("change", () => this.#tell(form, words));
    // The browser fills in again what was typed before somebody came back.
    addEventListener("pageshow", () => this.#tell(form, words));
    form.addEventListener("submit", ({ defaultPrevented, submitter }) => {
      // What opens beside the page leaves the page as it is.
      if (!defaultPrevented && submitter?.formTarget !== "_blank") this.#leave(form);
    });
    addEventListener("beforeunload", (event) => this.isUnsaved && event.preventDefault());
    addEventListener("keydown", (event) => isCommand(event, "s") && this.#save(event, form));
    this.#tell(form, words);
  }

  get isUnsaved() {
    return this.hasAttribute("data-unsaved");
  }

  #tell(form, words) {
    const isUnsaved = written(form) !== this.#loaded;
    this.toggleAttribute("data-unsaved", isUnsaved);
    if (words) words.textContent = isUnsaved ? this.dataset.words : this.#words;
  }

  #leave(form) {
    this.#loaded = written(form);
    this.removeAttribute("data-unsaved");
  }

  #save(event, form) {
    // Of two forms on a page the one that somebody is in is meant.
    const focused = document.activeElement.closest("unsaved-form");
    if (event.defaultPrevented || (focused && focused !== this) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector(".save_bar [type=submit]:not([name])"));
  }
}

// Files count by name and size: what is chosen differs from none.
function written(form) {
  const plain = ([name, value]) => [name, value instanceof File ? `${value.name}:${value.size}` : value];
  return JSON.stringify([...new FormData(form)].map(plain));
}

customElements.define("unsaved-form", UnsavedForm);
