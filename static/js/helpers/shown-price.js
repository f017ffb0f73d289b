// Shows a variant's price, and what it was before where it is reduced, in whatever part of the page
// says both.
export function showPrice(part, { price, compareAt }) {
  const now = part.querySelector("[data-shown=price]");
  // Where every price is the reader's to choose, none comes with the variant.
  if (!now) return;
  if (price) now.textContent = price;
  const was = part.querySelector("[data-shown=compare-at]");
  was.hidden = !compareAt;
  was.querySelector("[data-amount]").textContent = compareAt ?? "";
}

// Shows the price that a reader has picked or typed herself, where a part of the page tells it.
export function showOwnPrice(part, { words }) {
  const shown = part.querySelector("[data-shown=own-price]");
  if (shown) shown.textContent = words || shown.dataset.else;
}
