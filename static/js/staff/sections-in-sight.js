// Where the window is too low for all sections, the one that somebody is in stands in sight.
const rail = document.querySelector(".desk__rail");
const here = rail?.querySelector("[aria-current]");

if (here && here.offsetTop + here.offsetHeight > rail.clientHeight) {
  rail.scrollTop = here.offsetTop - (rail.clientHeight - here.offsetHeight) / 2;
}
