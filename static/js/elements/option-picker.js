// <option-picker>: lets options be chosen one by one, keeps the form's variant in step, and says
// what was chosen: "variant:chosen" with the data of that variant.
import { isGone } from "../helpers/gone.js";

class OptionPicker extends HTMLElement {
  #list;

  connectedCallback() {
    this.#list = this.querySelector("select[name=variant_id]");
    // What is sold out can be looked at: the button says so, and a form asks to be told.
    for (const radio of this.querySelectorAll(":disabled")) radio.disabled = false;
    this.addEventListener("change", ({ target }) => this.#choose(target));
    // A page that comes back from history keeps what was ticked; the rest follows it.
    this.#choose();
  }

  get #fieldsets() {
    return [...this.querySelectorAll("fieldset[data-option]")];
  }

  get #picked() {
    return this.#fieldsets.map((set) => set.querySelector(":checked")?.value);
  }

  #choose(radio) {
    const variant = this.#list ? this.#listed(radio) : this.querySelector(":checked");
    this.#name(variant);
    const about = { id: variant?.value, label: this.#words(variant).join(" / "), isByHand: Boolean(radio) };
    const detail = { availability: "sold_out", ...variant?.dataset, ...about };
    this.dispatchEvent(new CustomEvent("variant:chosen", { bubbles: true, detail }));
  }

  #listed(radio) {
    if (radio && !this.#variantOf(this.#picked)) this.#moveTo(radio);
    const variant = this.#variantOf(this.#picked);
    this.#list.value = variant?.value ?? "";
    this.#markGone();
    return variant;
  }

  // What was never made cannot be shown: the other options follow the one just chosen.
  #moveTo(radio) {
    const position = this.#fieldsets.indexOf(radio.closest("fieldset"));
    const made = [...this.#list.options].filter((one) => valuesOf(one)[position] === radio.value);
    const best = made.find((one) => !isGone(one.dataset.availability)) ?? made[0];
    for (const [place, set] of best ? this.#fieldsets.entries() : [])
      for (const one of set.querySelectorAll("input")) one.checked = one.value === valuesOf(best)[place];
  }

  #name(variant) {
    const words = this.#words(variant);
    for (const [place, output] of this.querySelectorAll("[data-chosen]").entries()) output.value = words[place] ?? "";
  }

  #words(variant) {
    return this.#list ? this.#picked : [variant?.dataset.value];
  }

  #variantOf(values) {
    const isIt = (option) => valuesOf(option).every((value, place) => value === values[place]);
    return [...this.#list.options].find(isIt);
  }

  // A value is gone when, with the other options as they are, nothing of it can be bought.
  #markGone() {
    const picked = this.#picked;
    for (const [place, set] of this.#fieldsets.entries()) {
      for (const radio of set.querySelectorAll("input")) {
        const variant = this.#variantOf(picked.with(place, radio.value));
        const gone = !variant || isGone(variant.dataset.availability);
        radio.parentElement.classList.toggle("option_picker__choice--gone", gone);
        radio.parentElement.querySelector("[data-gone]").hidden = !gone;
      }
    }
  }
}

function valuesOf(option) {
  return JSON.parse(option.dataset.values);
}

customElements.define("option-picker", OptionPicker);
