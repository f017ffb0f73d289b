// Tells the page that frames this document how tall it is and which link was followed, in the words
// that WordPress listens for: inside its sandbox neither a frame's height nor target=_top works.
(() => {
  const secret = new URLSearchParams(location.hash.replace(/^#\??/, "")).get("secret");
  if (parent === window || !secret) return;
  const tell = (message, value) => parent.postMessage({ message, value, secret }, "*");
  const tellHeight = () => tell("height", Math.ceil(document.body.getBoundingClientRect().height));
  new ResizeObserver(tellHeight).observe(document.body);
  // A host that was slow to listen says when it does.
  addEventListener("message", ({ data }) => {
    if (data?.message === "ready" && data.secret === secret) tellHeight();
  });
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    tell("link", link.href);
  });
})();
