// <copy-text>: a button beside a field that only shows something, which copies it.
class CopyText extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("input");
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.className = "button button--quiet button--small";
    button.textContent = field.dataset.words;
    button.addEventListener("click", async () => {
      field.select();
      await navigator.clipboard.writeText(field.value);
      button.textContent = field.dataset.done;
    });
    this.append(button);
  }
}

customElements.define("copy-text", CopyText);
