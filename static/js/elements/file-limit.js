// <file-limit bytes words>: tells about a file that is too large before it is sent.
class FileLimit extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this.#check);
  }

  #check = ({ target }) => {
    const isTooLarge = [...target.files].some((file) => file.size > Number(this.getAttribute("bytes")));
    target.setCustomValidity(isTooLarge ? this.getAttribute("words") : "");
    target.reportValidity();
  };
}

customElements.define("file-limit", FileLimit);
