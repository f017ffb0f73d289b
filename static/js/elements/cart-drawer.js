// Adding to the cart opens it in a drawer over the page that the reader is on.
import { postForFragment, sendPlainly } from "../helpers/cart-posts.js";

const FORMS = "form[data-add-to-cart]";

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (!form.matches(FORMS) || event.defaultPrevented) return;
  event.preventDefault();
  if (form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  const answer = await postForFragment(form, submitter, "drawer");
  form.removeAttribute("aria-busy");
  const drawer = answer?.querySelector("dialog");
  if (!drawer) return sendPlainly(form, submitter);
  open(drawer);
});

function open(drawer) {
  document.getElementById(drawer.id)?.remove();
  document.body.append(drawer);
  drawer.addEventListener("click", ({ target }) => target === drawer && drawer.close());
  drawer.addEventListener("close", () => drawer.remove(), { once: true });
  drawer.showModal();
  drawer.querySelector("[data-says]").textContent = drawer.querySelector("[data-basket]").dataset.summary;
}
