// One form that rests a moment after a change before it is sent: a quantity is often pressed twice.
// A change in another form sends it at once.
export class RestingForm {
  #form = null;
  #timer = 0;

  get current() {
    return this.#form?.isConnected ? this.#form : null;
  }

  rest(form, pause) {
    if (form !== this.#form) this.current?.requestSubmit();
    this.#form = form;
    this.wake();
    this.#timer = setTimeout(() => this.current?.requestSubmit(), pause);
  }

  wake() {
    clearTimeout(this.#timer);
  }

  forget(form) {
    if (form === this.#form) this.#form = null;
  }
}
