// <picture-upload src bytes name>: pictures, or files of another field name, are dropped or chosen and
// sent one by one, each with its progress; what is refused is named, and the rest is kept.
class PictureUpload extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.words = this.querySelector("[data-words]");
    this.name = this.getAttribute("name") ?? "pictures";
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send([...this.form.elements[this.name].files]);
    });
    this.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.toggleAttribute("over", true);
    });
    this.addEventListener("dragleave", () => this.toggleAttribute("over", false));
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      this.toggleAttribute("over", false);
      this.#send([...event.dataTransfer.files]);
    });
  }

  async #send(files) {
    if (!files.length || this.bar) return;
    this.bar = Object.assign(document.createElement("progress"), { className: "progress", max: files.length, value: 0 });
    this.words.before(this.bar);
    const refusals = [];
    for (const [place, file] of files.entries()) {
      this.words.textContent = this.#say("progress", { done: place, all: files.length });
      refusals.push(await this.#one(file, (share) => (this.bar.value = place + share)));
    }
    const told = refusals.filter(Boolean);
    if (!told.length) return location.reload();
    this.bar.remove();
    this.bar = null;
    this.words.textContent = told.join("\n");
    return undefined;
  }

  #one(file, onShare) {
    if (file.size > Number(this.getAttribute("bytes"))) return this.#say("large", { name: file.name });
    const body = new FormData(this.form);
    body.set("alone", "1");
    body.set(this.name, file);
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.getAttribute("src"));
      request.upload.onprogress = ({ loaded, total }) => onShare(total ? loaded / total : 1);
      request.onload = () => resolve(request.status === 201 ? "" : this.#refusal(request, file));
      request.onerror = () => resolve(this.#say("failed", { name: file.name }));
      request.send(body);
    });
  }

  #refusal(request, file) {
    // A page instead of a line is a sign-in that ran out.
    const isLine = request.getResponseHeader("Content-Type")?.startsWith("text/plain");
    return isLine ? request.responseText : this.#say("failed", { name: file.name });
  }

  #say(name, given) {
    return this.getAttribute(name).replace(/\{(\w+)\}/g, (_all, key) => given[key]);
  }
}

customElements.define("picture-upload", PictureUpload);
