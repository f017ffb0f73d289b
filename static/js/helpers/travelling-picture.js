// The picture of a product travels from its card to its page and back, where the browser can:
// names the card's picture for the time of one view transition.
const NAME = "product-picture";

function cardPicture(address) {
  const path = address && new URL(address).pathname;
  const link = [...document.querySelectorAll("[data-product-link]")].find(
    (one) => one.pathname === path,
  );
  const holder = link?.closest("article, li, figure");
  return holder?.querySelector(".picture");
}

function lend(picture, transition) {
  if (!picture) return;
  picture.style.viewTransitionName = NAME;
  transition.finished.finally(() => (picture.style.viewTransitionName = ""));
}

addEventListener("pageswap", (event) => {
  if (event.viewTransition) lend(cardPicture(event.activation.entry.url), event.viewTransition);
});

addEventListener("pagereveal", (event) => {
  const from = globalThis.navigation?.activation?.from?.url;
  if (event.viewTransition) lend(cardPicture(from), event.viewTransition);
});
