// <recently-viewed handle src>: shows what this device remembers, when its place comes near, and
// notes the product that the page is about; the reader clears it, or has none kept.
import { ownHtml } from "../helpers/own-html.js";
import { forgetViewed, isOff, keepNone, noteViewed, viewed } from "../helpers/viewed.js";

const SHOWN = 4;

class RecentlyViewed extends HTMLElement {
  #handles = [];

  connectedCallback() {
    const handle = this.getAttribute("handle");
    this.#handles = viewed().filter((one) => one !== handle).slice(0, SHOWN);
    if (handle) noteViewed(handle);
    this.addEventListener("click", this.#act);
    this.#settle();
    if (this.#handles.length) this.#whenNear();
  }

  #whenNear() {
    const watcher = new IntersectionObserver(
      ([{ isIntersecting }]) => {
        if (!isIntersecting) return;
        watcher.disconnect();
        this.#fetch();
      },
      { rootMargin: "100% 0px" },
    );
    watcher.observe(this);
  }

  async #fetch() {
    const asked = [...this.#handles].sort().map(encodeURIComponent).join(",");
    try {
      // Without cookies and without the page's address: nobody is told who looked.
      const answer = await fetch(`${this.getAttribute("src")}?handles=${asked}`, {
        credentials: "omit",
        referrerPolicy: "no-referrer",
      });
      if (answer.ok) this.#show(ownHtml(await answer.text()));
    } catch {
      // Without a connection there is nothing to show.
    }
  }

  #show(cards) {
    const place = ({ firstElementChild }) => this.#handles.indexOf(firstElementChild.dataset.card);
    const list = cards.querySelector("ul");
    if (!list?.children.length || !this.#handles.length) return;
    list.append(...[...list.children].sort((one, other) => place(one) - place(other)));
    this.querySelector("[data-cards]").replaceChildren(list);
    this.querySelector("[data-list]").hidden = false;
  }

  #act = ({ target }) => {
    const act = target.closest("[data-act]")?.dataset.act;
    if (!act) return;
    if (act === "stop") keepNone();
    else forgetViewed();
    this.#handles = [];
    this.querySelector("[data-list]").hidden = true;
    this.querySelector("[data-said]").textContent = act === "clear" ? this.querySelector("[data-said]").dataset.cleared : "";
    this.#settle(act === "stop");
  };

  #settle(isJustOff = false) {
    const off = this.querySelector("[data-off]");
    off.hidden = !(isOff() && (isJustOff || this.hasAttribute("may-begin")));
    if (isJustOff) off.querySelector("button").focus();
  }
}

customElements.define("recently-viewed", RecentlyViewed);
