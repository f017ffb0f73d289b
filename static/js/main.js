// Every element of the shop; each page works without any of them.
import "./elements/back-in-stock.js";
import "./elements/buy-bar.js";
import "./elements/buy-form.js";
import "./elements/cart-badge.js";
import "./elements/cart-count.js";
import "./elements/cart-drawer.js";
import "./elements/file-limit.js";
import "./elements/live-basket.js";
import "./elements/option-picker.js";
import "./elements/picture-gallery.js";
import "./elements/picture-swatches.js";
import "./elements/picture-zoom.js";
import "./elements/quantity-stepper.js";
import "./elements/recently-viewed.js";
import "./elements/share-link.js";
import "./elements/size-chart.js";
import "./helpers/travelling-picture.js";
