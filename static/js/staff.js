// Every element of the rooms behind the shop; each page works without any of them.
import "./staff/passkey.js";
import "./staff/section-keys.js";
import "./staff/sections-in-sight.js";
import "./staff/find-palette.js";
import "./staff/key-help.js";
import "./staff/list-keys.js";
import "./staff/unsaved-form.js";
