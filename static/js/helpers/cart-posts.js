import { ownHtml } from "./own-html.js";

// Sends a form of the cart and hands back the HTML that stands for it, or null where the answer is
// something else (an error page, no network): then the form is best sent the plain way.
export async function postForFragment(form, submitter, fragment) {
  const fields = new FormData(form);
  if (submitter?.name) fields.set(submitter.name, submitter.value);
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { "X-Fragment": fragment },
      redirect: "error",
      keepalive: true, // a reader who goes on at once keeps what she put in
    });
    return response.headers.get("X-Fragment") === fragment ? ownHtml(await response.text()) : null;
  } catch {
    return null;
  }
}

// The plain way: the page that the server answers takes this one's place.
export function sendPlainly(form, submitter) {
  if (submitter?.name) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: submitter.name, value: submitter.value });
    form.append(field);
  }
  HTMLFormElement.prototype.submit.call(form);
}

// A page says how many things are in the cart; the badge reads it from the cookie.
export function tellCount(units) {
  const age = Number(units) ? 30 * 24 * 3600 : 0;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `cart_count=${Number(units)}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
  document.dispatchEvent(new Event("cart:changed"));
}
