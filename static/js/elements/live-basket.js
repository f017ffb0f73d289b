// <live-basket>: the cart's forms without loading the page again; what changed is said aloud.
import { focusKeeper } from "../helpers/focus-keeper.js";
import { postForFragment, sendPlainly, tellCount } from "../helpers/cart-posts.js";
import { RestingForm } from "../helpers/resting-form.js";
import { fieldsToSend, unsentFields, writeAgain } from "../helpers/unsent-fields.js";

const PAUSE = 350; // milliseconds that a quantity rests before it is sent
const SENT_ON_CHANGE = "[name=quantity], [name=country], [name=region], [name=postcode], [name=way], [name=is_gift], [name=note]";

class LiveBasket extends HTMLElement {
  #sent = Promise.resolve();
  #resting = new RestingForm();

  connectedCallback() {
    this.addEventListener("submit", this.#submit);
    this.addEventListener("change", this.#change);
    this.#settle();
  }

  get #basket() {
    return this.querySelector("[data-basket]");
  }

  #settle() {
    for (const spare of this.querySelectorAll("[data-without-script]")) spare.hidden = true;
    tellCount(this.#basket.dataset.units);
  }

  #change = ({ target }) => {
    if (!target.form || !target.matches(SENT_ON_CHANGE)) return;
    this.#resting.rest(target.form, target.name === "quantity" ? PAUSE : 0);
  };

  #submit = (event) => {
    const { target: form, submitter } = event;
    event.preventDefault();
    this.#resting.wake();
    const isCheckout = form.matches("[data-checkout]");
    this.#sent = this.#sent.then(() => (isCheckout ? this.#checkOut() : this.#send(form, submitter)));
  };

  async #checkOut() {
    const waiting = this.#resting.current;
    if (waiting && !(await this.#send(waiting))) return;
    for (let [field] = fieldsToSend(this); field; [field] = fieldsToSend(this)) {
      if (!(await this.#send(field.form))) return;
    }
    const form = this.querySelector("[data-checkout]");
    if (form) sendPlainly(form);
  }

  async #send(form, submitter) {
    this.#resting.forget(form);
    this.setAttribute("aria-busy", "true");
    const answer = await postForFragment(form, submitter, this.dataset.fragment);
    this.removeAttribute("aria-busy");
    const fresh = answer?.querySelector("[data-basket]");
    if (!fresh) return void sendPlainly(form, submitter);
    const isTaken = !fresh.querySelector("[role=alert]");
    this.#put(fresh, form);
    return isTaken;
  }

  #put(fresh, form) {
    const restoreFocus = focusKeeper(this);
    const unsent = unsentFields(this).filter((field) => field.form !== form);
    for (const { id } of this.querySelectorAll("details[open]")) fresh.querySelector(`#${id}`)?.setAttribute("open", "");
    this.#basket.replaceWith(fresh);
    const kept = unsent.map((field) => writeAgain(fresh, field));
    for (const field of kept) if (field?.name === "quantity") this.#resting.rest(field.form, PAUSE);
    this.#settle();
    restoreFocus(".basket__lines a:not([tabindex]), .empty_state a");
    this.querySelector("[data-says]").textContent = fresh.dataset.summary;
  }
}

customElements.define("live-basket", LiveBasket);
