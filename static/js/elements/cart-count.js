// <cart-count units="0">: a page that emptied the cart, such as the thanks page, tells the badge.
import { tellCount } from "../helpers/cart-posts.js";

class CartCount extends HTMLElement {
  connectedCallback() {
    tellCount(this.getAttribute("units"));
  }
}

customElements.define("cart-count", CartCount);
