// Says once, by a post, that a letter led here, and takes its mark out of the address: what is
// reloaded or handed on counts no second time. Nothing is said of who came.
const url = new URL(location);
const campaign = url.searchParams.get("campaign");

if (campaign !== null) {
  url.searchParams.delete("campaign");
  history.replaceState(history.state, "", url);
  if (/^\d{1,9}$/.test(campaign)) {
    navigator.sendBeacon("/newsletter/visits", new URLSearchParams({ campaign }));
  }
}
