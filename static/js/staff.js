// Every element of the rooms behind the shop; each page works without any of them.
import "./staff/passkey.js";
import "./staff/section-keys.js";
import "./staff/sections-in-sight.js";
import "./staff/find-palette.js";
import "./staff/key-help.js";
import "./staff/list-keys.js";
import "./staff/unsaved-form.js";
import "./staff/copy-text.js";
import "./staff/drag-order.js";
import "./staff/kept-form.js";
import "./staff/live-note.js";
import "./staff/live-preview.js";
import "./staff/picture-upload.js";
import "./staff/search-preview.js";
import "./staff/text-preview.js";
import "./staff/tick-all.js";
import "./staff/variant-grid.js";
