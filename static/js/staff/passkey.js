// <passkey-step>: a form that a passkey answers. It speaks to Flask-Security's two addresses as JSON:
// the first gives the challenge, the second, named by a state, takes the answer. Words for whatever
// goes wrong come with the element; it stays hidden where the browser knows no passkeys.
const JSON_TYPE = "application/json";

class Refusal extends Error {
  constructor(status, said) {
    super(`answered ${status}`);
    this.status = status;
    this.said = said;
  }
}

async function send(address, token, fields) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": JSON_TYPE, Accept: JSON_TYPE, "X-CSRFToken": token },
    body: JSON.stringify(fields),
  });
  const { response } = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, response ?? {});
  return response;
}

class PasskeyStep extends HTMLElement {
  connectedCallback() {
    if (!globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON) return;
    this.hidden = false;
    this.addEventListener("submit", this.#begin);
  }

  #begin = async (event) => {
    event.preventDefault();
    const button = this.querySelector("button");
    button.disabled = true;
    this.#say("");
    try {
      location.assign(await this.#asked(event.target));
    } catch (error) {
      button.disabled = false;
      this.#explain(error);
    }
  };

  async #asked(form) {
    const { csrf_token: token, ...fields } = Object.fromEntries(new FormData(form));
    const begun = await send(form.action, token, fields);
    const credential = await this.#answer(begun.credential_options);
    const address = new URL(form.action);
    address.pathname += `/${begun.wan_state}`;
    const ended = await send(address, token, { credential: JSON.stringify(credential.toJSON()) });
    return ended.post_login_url ?? this.getAttribute("then");
  }

  #answer(options) {
    return this.hasAttribute("creates")
      ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  }

  #explain(error) {
    if (error.status === 401) location.reload();
    else if (error.status === 429) this.#say(this.getAttribute("words-often"));
    else if (error.said?.field_errors?.name) this.#say(this.getAttribute("words-name"));
    else if (error instanceof Refusal) this.#say(this.getAttribute("words-refused"));
    else this.#say(this.getAttribute("words-stopped"));
  }

  #say(words) {
    const place = this.querySelector("[role=alert]");
    place.textContent = words;
    place.hidden = !words;
  }
}

customElements.define("passkey-step", PasskeyStep);
