// What this device remembers of the products that were looked at: few, for thirty days, and only
// here. Where it cannot or must not be kept, there is simply nothing.
const KEY = "store:viewed";
const OFF = "off";
const MOST = 9;
const KEPT = 30 * 24 * 3600 * 1000;

export function viewed() {
  const kept = stored();
  return kept === OFF ? [] : kept.map(([handle]) => handle);
}

export function isOff() {
  return stored() === OFF;
}

export function noteViewed(handle) {
  const kept = stored();
  if (kept === OFF) return;
  const others = kept.filter(([known]) => known !== handle);
  write([[handle, Date.now()], ...others].slice(0, MOST));
}

export function forgetViewed() {
  write(null);
}

export function keepNone() {
  write(OFF);
}

function stored() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY)) ?? [];
    return kept === OFF ? OFF : kept.filter(([, at]) => Date.now() - at < KEPT);
  } catch {
    return [];
  }
}

function write(value) {
  try {
    if (value === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing is right to.
  }
}
