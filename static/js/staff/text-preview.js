// <text-preview src>: shows a Markdown text as the shop will, without sending the whole form.
import { ownHtml } from "../helpers/own-html.js";

class TextPreview extends HTMLElement {
  connectedCallback() {
    this.querySelector("[value=preview]").addEventListener("click", this.#show);
  }

  #show = async (event) => {
    event.preventDefault();
    const place = this.querySelector(".text_preview");
    if (!place.hidden && event.detail !== 0 && place.dataset.of === this.#text) {
      place.hidden = true;
      return;
    }
    const token = this.closest("form").elements.csrf_token.value;
    const body = new URLSearchParams({ body: this.#text, csrf_token: token });
    const answer = await fetch(this.getAttribute("src"), { method: "POST", body });
    if (!answer.ok) return;
    place.replaceChildren(ownHtml(await answer.text()));
    place.dataset.of = this.#text;
    place.hidden = false;
  };

  get #text() {
    return this.querySelector("textarea").value;
  }
}

customElements.define("text-preview", TextPreview);
