// <live-note src>: asks now and then for a note of ours, such as who else is editing, while seen.
import { ownHtml } from "../helpers/own-html.js";

const EVERY_MS = 20000;

class LiveNote extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(this.#ask, EVERY_MS);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  #ask = async () => {
    if (document.visibilityState !== "visible") return;
    const answer = await fetch(this.getAttribute("src")).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const html = (await answer.text()).trim();
    if (html === this.last) return;
    this.last = html;
    this.replaceChildren(ownHtml(html));
  };
}

customElements.define("live-note", LiveNote);
