// Shows a variant's price, and what it was before where it is reduced, in whatever part of the page
// says both.
export function showPrice(part, { price, compareAt }) {
  if (price) part.querySelector("[data-shown=price]").textContent = price;
  const was = part.querySelector("[data-shown=compare-at]");
  was.hidden = !compareAt;
  was.querySelector("[data-amount]").textContent = compareAt ?? "";
}
