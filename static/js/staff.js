// Every element of the rooms behind the shop; each page works without any of them.
import "./staff/passkey.js";
import "./staff/section-keys.js";
