// <kept-form src>: keeps what is typed at an address of ours, seconds after it was typed and when
// the page is left, so that nothing is lost; Ctrl-S or ⌘-S saves.
const PAUSE_MS = 3000;

class KeptForm extends HTMLElement {
  #timer = 0;
  #isDirty = false;
  #isSent = false;

  connectedCallback() {
    this.form = this.querySelector("form");
    this.words = this.querySelector(".save_bar__words");
    if (!this.words) return;
    this.form.addEventListener("input", this.#typed);
    this.form.addEventListener("submit", () => (this.#isSent = true));
    addEventListener("pagehide", this.#leave);
    document.addEventListener("visibilitychange", this.#leave);
    document.addEventListener("keydown", this.#key);
    if (this.hasAttribute("changed")) this.#typed();
  }

  #typed = () => {
    this.#isDirty = true;
    this.#isSent = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#keep, PAUSE_MS);
  };

  #keep = async () => {
    this.#isDirty = false;
    const { kept, away } = this.words.dataset;
    try {
      const answer = await fetch(this.getAttribute("src"), { method: "POST", body: this.#body() });
      if (answer.status !== 204) throw new Error(answer.statusText);
      this.words.textContent = kept;
    } catch {
      this.words.textContent = away;
      this.#isDirty = true;
      this.#timer = setTimeout(this.#keep, 4 * PAUSE_MS);
    }
  };

  #leave = () => {
    if (!this.#isDirty || this.#isSent || document.visibilityState === "visible") return;
    if (navigator.sendBeacon(this.getAttribute("src"), this.#body())) this.#isDirty = false;
  };

  #key = (event) => {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.form.requestSubmit();
  };

  #body() {
    // A chosen file cannot be kept: it is text that somebody typed.
    return new URLSearchParams([...new FormData(this.form)].filter(([, value]) => typeof value === "string"));
  }
}

customElements.define("kept-form", KeptForm);
