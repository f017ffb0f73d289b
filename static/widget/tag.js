// <store-widget>: the block under a story. It asks the store once, when a reader comes near, and
// shows the answer in a shadow root; until then, and whenever anything fails, the host's own lines
// stand. It reads the page's public words, stores nothing, and writes no markup from text.
const LIMITS = { theme: /^(auto|light|dark)$/, count: /^[0-4]$/, newsletter: /^(on|off)$/, "heading-level": /^[2-6]$/ };
const sheet = new CSSStyleSheet();
sheet.replaceSync(`STYLES`);

const meta = (name) => [...document.querySelectorAll(`meta[property="${name}"]`)].map((found) => found.content);

const linkedData = () => {
  for (const script of document.querySelectorAll('script[type="application/ld+json"]')) {
    try {
      const found = [JSON.parse(script.textContent)].flat().flatMap((thing) => thing["@graph"] ?? thing);
      const story = found.find((thing) => /Article|BlogPosting/.test(thing["@type"]));
      if (story) return story;
    } catch {
      // Somebody else's mistake is no reason to show nothing.
    }
  }
  return {};
};

const make = (tag, part, ...inside) => {
  const made = document.createElement(tag);
  if (part) made.part = made.className = part;
  made.append(...inside);
  return made;
};

const ask = (address, options) => fetch(address, { credentials: "omit", referrerPolicy: "origin", ...options });

const link = (href, text, part) => {
  const made = make("a", part, text);
  made.href = href;
  made.rel = "nofollow";
  return made;
};

class StoreWidget extends HTMLElement {
  static observedAttributes = "store url title section tags products quiet theme count newsletter heading-level locale".split(" ");
  #root = this.attachShadow({ mode: "open" });
  #near = new IntersectionObserver((entries) => entries.pop().isIntersecting && this.#load(), { rootMargin: "400px" });
  #asked;
  #stands;
  #said;

  constructor() {
    super();
    // Not each time it is placed: in the document of a frame the sheet would be refused.
    this.#root.adoptedStyleSheets = [sheet];
    this.#root.append(make("slot"));
  }

  connectedCallback() {
    this.#stands = true;
    this.#check();
    this.#near.observe(this);
  }

  disconnectedCallback() {
    this.#near.disconnect();
    this.#asked?.abort();
    // Who was told to stop has nothing to complain of.
    this.#stands = this.#asked = null;
  }

  attributeChangedCallback() {
    // A tag that is being written sets its attributes before it stands on the page.
    if (!this.#stands) return;
    this.disconnectedCallback();
    this.connectedCallback();
  }

  #complain(words) {
    if (words === this.#said) return;
    this.#said = words;
    console.warn(`<store-widget>: ${words}`);
    this.dispatchEvent(new CustomEvent("store-widget-error", { bubbles: true, composed: true, detail: words }));
  }

  #check() {
    const wrong = Object.keys(LIMITS).filter((name) => this.hasAttribute(name) && !LIMITS[name].test(this.getAttribute(name)));
    if (!this.#origin) this.#complain('set store="https://…" to the address of the store');
    else if (wrong.length) this.#complain(`mend ${wrong}; see ${this.#origin}/widget/check`);
  }

  get #origin() {
    try {
      const { origin, protocol } = new URL(this.getAttribute("store"));
      return /^https?:$/.test(protocol) && origin;
    } catch {
      return "";
    }
  }

  #option(name, otherwise) {
    const given = this.getAttribute(name);
    return LIMITS[name].test(given) ? given : otherwise;
  }

  get #address() {
    const data = linkedData();
    const canonical = document.querySelector('link[rel="canonical"]')?.href;
    const given = (name, ...others) => this.getAttribute(name) ?? others.find(Boolean) ?? "";
    const asked = {
      url: given("url", canonical, location.origin + location.pathname),
      title: given("title", meta("og:title")[0], data.headline, document.title),
      section: given("section", meta("article:section")[0], [data.articleSection].flat()[0]),
      tags: given("tags", meta("article:tag").join(), [data.keywords].flat().join()),
      products: given("products"),
      quiet: this.hasAttribute("quiet") ? "1" : "",
      count: this.#option("count", ""),
      locale: given("locale", document.documentElement.lang),
    };
    const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
    return `${this.#origin}/widget/v1/card.json?${query}`;
  }

  async #load() {
    this.#near.disconnect();
    if (!this.#origin) return;
    const asked = (this.#asked = new AbortController());
    // Whoever has the answer by then no longer minds.
    setTimeout(() => asked.abort(), 4000);
    try {
      const card = await ask(this.#address, { signal: asked.signal });
      if (this.#asked === asked) this.#show(await card.json());
    } catch {
      if (this.#asked === asked) this.#complain(`no card from ${this.#origin}: is it up and in connect-src?`);
    }
  }

  #show({ label, store, tips, note, products, newsletter }) {
    const heading = make(`h${this.#option("heading-level", "2")}`, "label", label);
    const block = make("section", "block", heading, make("p", "store", link(store.url, store.line)));
    if (products.length) {
      const row = make("ul", "products", ...products.map((product) => this.#product(product)));
      // To Chromium 32 pixels of a link are enough for whoever comes by the keyboard.
      row.onkeyup = ({ target }) => target.scrollIntoView({ block: "nearest", inline: "nearest" });
      block.append(note ? make("p", "note", note) : "", row);
    }
    if (newsletter && this.#option("newsletter", "on") === "on") block.append(this.#signup(newsletter));
    block.append(make("p", "tips", `${tips.text} `, link(tips.url, tips.line)));
    this.#root.replaceChildren(block);
  }

  #product({ title, url, price, why, picture }) {
    const image = make("img", "picture");
    Object.assign(image, { loading: "lazy", alt: "" }, picture);
    return make("li", "product", image, link(url, title, "name"), make("p", "price", price), make("p", "why", why));
  }

  #signup({ action, label, heading, button, consent, wording, privacy_url, privacy = "Privacy", failed }) {
    const email = make("input", "email");
    Object.assign(email, { type: "email", name: "email", required: true, autocomplete: "email", maxLength: 320 });
    const trap = make("input", "trap");
    Object.assign(trap, { name: "website", tabIndex: -1, ariaHidden: "true", autocomplete: "off" });
    const said = make("p", "answer");
    said.role = "status";
    const form = make("form", "signup", make("p", "heading", heading), make("label", "field", label, email), trap, make("button", "button", button), said, make("p", "consent", `${consent} `, link(privacy_url, privacy)));
    form.onsubmit = async (event) => {
      event.preventDefault();
      const body = new URL(this.#address).searchParams;
      for (const [name, value] of Object.entries({ email: email.value, website: trap.value, wording, source: "widget", page: body.get("url") })) body.set(name, value);
      try {
        const answer = await ask(action, { method: "POST", body, headers: { Accept: "application/json" } });
        said.textContent = (await answer.json()).message ?? failed;
        if (answer.ok) email.value = "";
      } catch {
        said.textContent = failed;
      }
    };
    return form;
  }
}

// Included twice, it is defined once.
if (!customElements.get("store-widget")) customElements.define("store-widget", StoreWidget);
