// Every page works without any element: what readers look at comes before them.
const begin = () => import("./elements.js");
if (document.readyState === "complete") begin();
else addEventListener("load", begin, { once: true });
