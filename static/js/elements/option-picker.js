// <option-picker>: lets options be chosen one by one, keeps the form's variant in step, and says
// on document what was chosen: "variant:chosen" with the data of that variant.
class OptionPicker extends HTMLElement {
  #list;

  connectedCallback() {
    this.#list = this.querySelector("select[name=variant_id]");
    this.addEventListener("change", this.#choose);
    // A page that comes back from history keeps what was ticked; the rest follows it.
    this.#choose();
  }

  get #fieldsets() {
    return [...this.querySelectorAll("fieldset[data-option]")];
  }

  get #picked() {
    return this.#fieldsets.map((set) => set.querySelector(":checked")?.value);
  }

  #choose = () => {
    const variant = this.#list ? this.#variantOf(this.#picked) : this.querySelector(":checked");
    if (this.#list) this.#list.value = variant?.value ?? "";
    if (this.#list) this.#markGone();
    this.#name(variant);
    const facts = variant ? { ...variant.dataset } : { availability: "sold_out" };
    this.dispatchEvent(new CustomEvent("variant:chosen", { bubbles: true, detail: facts }));
  };

  #name(variant) {
    if (!this.#list) this.querySelector("[data-chosen]").value = variant?.dataset.value ?? "";
    for (const set of this.#fieldsets)
      set.querySelector("[data-chosen]").value = set.querySelector(":checked")?.value ?? "";
  }

  #variantOf(values) {
    return [...this.#list.options].find((option) => {
      const own = JSON.parse(option.dataset.values);
      return own.every((value, position) => value === values[position]);
    });
  }

  // A value is gone when, with the other options as they are, nothing of it can be bought.
  #markGone() {
    const picked = this.#picked;
    for (const [position, set] of this.#fieldsets.entries()) {
      for (const radio of set.querySelectorAll("input")) {
        const variant = this.#variantOf(picked.with(position, radio.value));
        const gone = !variant || variant.dataset.availability === "sold_out";
        radio.parentElement.classList.toggle("option_picker__choice--gone", gone);
        radio.parentElement.querySelector("[data-gone]").hidden = !gone;
      }
    }
  }
}

customElements.define("option-picker", OptionPicker);
