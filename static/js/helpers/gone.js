// What nobody can put in a cart just now: sold, or held by somebody who is paying.
const GONE = new Set(["sold_out", "held"]);

export const isGone = (availability) => GONE.has(availability);
