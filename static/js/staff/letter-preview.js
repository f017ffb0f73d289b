// <letter-preview look sheet>: keeps what is typed, shows what our server says of the letter, and
// the letter itself in the frame; the ways to look at it change the frame instead of the page.
import { ownHtml } from "../helpers/own-html.js";

const PAUSE_MS = 600;

class LetterPreview extends HTMLElement {
  #timer = 0;
  #look = "wide";
  #kept = false;

  connectedCallback() {
    this.form = this.querySelector("form");
    this.frame = this.querySelector(".letter_frame");
    this.#kept = this.frame.src.includes("kept=");
    this.form.addEventListener("input", this.#typed);
    this.querySelector(".letter_looks").addEventListener("click", this.#turn);
  }

  #typed = ({ target }) => {
    if (target.type === "search") return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#ask, PAUSE_MS);
  };

  #ask = async () => {
    const body = new URLSearchParams([...new FormData(this.form)]);
    const answer = await fetch(this.getAttribute("look"), { method: "POST", body }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    this.querySelector(".letter_said").replaceChildren(ownHtml(await answer.text()));
    this.#kept = true;
    this.#show();
  };

  #turn = (event) => {
    const chosen = event.target.closest("[data-look]");
    if (!chosen || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.querySelectorAll("[data-look]").forEach((link) => link.removeAttribute("aria-current"));
    chosen.setAttribute("aria-current", "page");
    this.#look = chosen.dataset.look;
    this.frame.className = `letter_frame letter_frame--${this.#look}`;
    this.#show();
  };

  // Replaced, so that the way back leads out of the form and not through all its proofs.
  #show() {
    const query = new URLSearchParams({ look: this.#look, ...(this.#kept && { kept: "1" }) });
    this.frame.contentWindow.location.replace(new URL(`${this.getAttribute("sheet")}?${query}`, location));
  }
}

customElements.define("letter-preview", LetterPreview);
