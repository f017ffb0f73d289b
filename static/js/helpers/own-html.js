// Turns HTML that our own server rendered into nodes. The page's policy lets this one place do so:
// what it is given must come from a fragment of ours and from nowhere else.
const policy = globalThis.trustedTypes?.createPolicy("store", { createHTML: (html) => html });

export function ownHtml(html) {
  const holder = document.createElement("template");
  holder.innerHTML = policy ? policy.createHTML(html) : html;
  return holder.content;
}
