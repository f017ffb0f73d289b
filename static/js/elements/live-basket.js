// <live-basket>: the cart's forms without loading the page again; what changed is said aloud.
import { focusKeeper } from "../helpers/focus-keeper.js";
import { postForFragment, sendPlainly, tellCount } from "../helpers/cart-posts.js";

const PAUSE = 350; // milliseconds that a quantity rests before it is sent
const SENT_ON_CHANGE = "[name=quantity], [name=country], [name=is_gift], [name=note]";
class LiveBasket extends HTMLElement {
  #sent = Promise.resolve();
  #timer = 0;
  #waiting = null;

  connectedCallback() {
    this.addEventListener("submit", this.#submit);
    this.addEventListener("change", this.#change);
    this.#settle();
  }

  get #basket() {
    return this.querySelector("[data-basket]");
  }

  get #note() {
    return this.querySelector("[data-note] [name=note]");
  }

  #settle() {
    for (const spare of this.querySelectorAll("[data-without-script]")) spare.hidden = true;
    tellCount(this.#basket.dataset.units);
  }

  #change = ({ target }) => {
    if (!target.form || !target.matches(SENT_ON_CHANGE)) return;
    const form = (this.#waiting = target.form);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => form.isConnected && form.requestSubmit(), target.name === "quantity" ? PAUSE : 0);
  };

  #submit = (event) => {
    const { target: form, submitter } = event;
    event.preventDefault();
    clearTimeout(this.#timer);
    const isCheckout = form.matches("[data-checkout]");
    this.#sent = this.#sent.then(() => (isCheckout ? this.#checkOut() : this.#send(form, submitter)));
  };

  // What is typed but not sent yet must not be lost on the way to pay.
  async #checkOut() {
    const waiting = this.#waiting;
    if (waiting?.isConnected && !(await this.#send(waiting))) return;
    if (isWritten(this.#note) && !(await this.#send(this.#note.form))) return;
    const form = this.querySelector("[data-checkout]");
    if (form) sendPlainly(form);
  }

  async #send(form, submitter) {
    this.#waiting = null;
    this.setAttribute("aria-busy", "true");
    const answer = await postForFragment(form, submitter, this.dataset.fragment);
    this.removeAttribute("aria-busy");
    const fresh = answer?.querySelector("[data-basket]");
    if (!fresh) return void sendPlainly(form, submitter);
    this.#put(fresh, form);
    return !fresh.querySelector("[role=alert]");
  }

  #put(fresh, form) {
    const restoreFocus = focusKeeper(this);
    const written = isWritten(this.#note) && form !== this.#note.form ? this.#note.value : null;
    for (const { id } of this.querySelectorAll("details[open]")) fresh.querySelector(`#${id}`)?.setAttribute("open", "");
    this.#basket.replaceWith(fresh);
    if (written !== null && this.#note) this.#note.value = written;
    this.#settle();
    restoreFocus(".basket__lines a:not([tabindex]), .empty_state a");
    this.querySelector("[data-says]").textContent = fresh.dataset.summary;
  }
}

const isWritten = (field) => Boolean(field) && field.value !== field.defaultValue;

customElements.define("live-basket", LiveBasket);
