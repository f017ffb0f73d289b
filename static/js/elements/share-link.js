// <share-link>: hands the page's address on, the chosen variant in it: by the device's own sheet
// where there is one, else by copying; what came of it is said aloud.
class ShareLink extends HTMLElement {
  #plain;

  connectedCallback() {
    const canShare = Boolean(navigator.share) && matchMedia("(pointer: coarse)").matches;
    if (!canShare && !navigator.clipboard) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--plain";
    button.textContent = canShare ? this.dataset.share : this.dataset.copy;
    button.addEventListener("click", () => (canShare ? this.#share() : this.#copy()));
    this.#plain = this.querySelector("a").href;
    this.querySelector("a").replaceWith(button);
  }

  // The page's own address with the choice, and nothing else that led here.
  get #address() {
    const url = new URL(this.#plain);
    const variant = new URLSearchParams(location.search).get("variant");
    if (variant) url.searchParams.set("variant", variant);
    return url.href;
  }

  async #share() {
    try {
      await navigator.share({ title: this.dataset.title, url: this.#address });
    } catch (error) {
      // Who closes the sheet meant to; anything else is a reason to copy.
      if (error.name !== "AbortError") await this.#copy();
    }
  }

  async #copy() {
    const said = this.querySelector("[role=status]");
    said.textContent = "";
    try {
      await navigator.clipboard.writeText(this.#address);
      said.textContent = this.dataset.copied;
    } catch {
      said.textContent = this.dataset.failed;
    }
  }
}

customElements.define("share-link", ShareLink);
