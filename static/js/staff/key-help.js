// ? shows what the keyboard does; so does the link at the foot of the sections.
import { isFree } from "../helpers/typing.js";

class KeyHelp extends HTMLElement {
  connectedCallback() {
    const sheet = this.querySelector("dialog");
    const show = (event) => {
      event.preventDefault();
      sheet.showModal();
    };
    addEventListener("keydown", (event) => event.key === "?" && isFree(event) && show(event));
    this.querySelector("a").addEventListener("click", (event) => event.metaKey || event.ctrlKey || show(event));
    sheet.addEventListener("click", ({ target }) => target === sheet && sheet.close());
  }
}

customElements.define("key-help", KeyHelp);
