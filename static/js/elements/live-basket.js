// <live-basket>: the cart's forms without loading the page again; what changed is said aloud.
import { focusKeeper } from "../helpers/focus-keeper.js";
import { postForFragment, sendPlainly, tellCount } from "../helpers/cart-posts.js";

const PAUSE = 350; // milliseconds that a quantity rests before it is sent
const TYPED = "input[name=quantity]:not([type=hidden]), textarea[name=note]";
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

  // What is typed but not sent yet must be lost neither to an answer nor on the way to pay.
  get #written() {
    return [...this.querySelectorAll(TYPED)].filter((field) => field.value !== field.defaultValue);
  }

  #settle() {
    for (const spare of this.querySelectorAll("[data-without-script]")) spare.hidden = true;
    tellCount(this.#basket.dataset.units);
  }

  #change = ({ target }) => {
    if (!target.form || !target.matches(SENT_ON_CHANGE)) return;
    if (this.#waiting !== target.form && this.#waiting?.isConnected) this.#waiting.requestSubmit();
    this.#waiting = target.form;
    this.#sendAfter(target.name === "quantity" ? PAUSE : 0);
  };

  #sendAfter(pause) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#waiting?.isConnected && this.#waiting.requestSubmit(), pause);
  }

  #submit = (event) => {
    const { target: form, submitter } = event;
    event.preventDefault();
    clearTimeout(this.#timer);
    const isCheckout = form.matches("[data-checkout]");
    this.#sent = this.#sent.then(() => (isCheckout ? this.#checkOut() : this.#send(form, submitter)));
  };

  async #checkOut() {
    const waiting = this.#waiting;
    if (waiting?.isConnected && !(await this.#send(waiting))) return;
    for (let [field] = this.#written; field; [field] = this.#written) {
      if (!(await this.#send(field.form))) return;
    }
    const form = this.querySelector("[data-checkout]");
    if (form) sendPlainly(form);
  }

  async #send(form, submitter) {
    if (this.#waiting === form) this.#waiting = null;
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
    const written = this.#written.filter((field) => field.form !== form);
    for (const { id } of this.querySelectorAll("details[open]")) fresh.querySelector(`#${id}`)?.setAttribute("open", "");
    this.#basket.replaceWith(fresh);
    for (const field of written) this.#writeAgain(field);
    this.#settle();
    restoreFocus(".basket__lines a:not([tabindex]), .empty_state a");
    this.querySelector("[data-says]").textContent = fresh.dataset.summary;
  }

  #writeAgain({ name, value, form: gone }) {
    const isTwin = (field) => field.name === name && field.form.action === gone.action;
    const field = [...this.querySelectorAll(TYPED)].find(isTwin);
    if (!field) return;
    field.value = value;
    if (name !== "quantity") return;
    this.#waiting = field.form;
    this.#sendAfter(PAUSE);
  }
}

customElements.define("live-basket", LiveBasket);
