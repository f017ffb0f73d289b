// <live-preview src>: sends the form around it as it is typed, and shows what our server says of it.
import { ownHtml } from "../helpers/own-html.js";

const PAUSE_MS = 350;

class LivePreview extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    this.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(this.#show, PAUSE_MS);
    });
  }

  #show = async () => {
    const form = new FormData(this.closest("form"));
    const words = [...form].filter(([, value]) => typeof value === "string");
    const body = new URLSearchParams(words);
    const answer = await fetch(this.getAttribute("src"), { method: "POST", body }).catch(() => null);
    if (answer?.ok) this.querySelector(".text_preview").replaceChildren(ownHtml(await answer.text()));
  };
}

customElements.define("live-preview", LivePreview);
