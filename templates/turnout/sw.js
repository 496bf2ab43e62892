// Keeps the door's page open when the signal goes: the network first, the last copy when there is none.
const PAGE = {{ page|tojson }};
const CACHE = "plenary-door";
const PARTS = {{ [url_for("static", filename="theme.css"), url_for("static", filename="venue.css"), url_for("static", filename="dark.css"), url_for("static", filename="icons.svg"), url_for("static", filename="plenary.js"), url_for("static", filename="scan.js"), url_for("static", filename="door.js"), url_for("bootstrap.static", filename="css/bootstrap.min.css"), url_for("htmx_js")]|tojson }};
addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([PAGE, ...PARTS])));
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  const isPage = url.pathname === PAGE && event.request.mode === "navigate";
  if (!isPage && !PARTS.includes(url.pathname)) return;
  event.respondWith(fromNetworkOrCache(event.request, isPage ? PAGE : url.pathname));
});
async function fromNetworkOrCache(request, key) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(key, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(key);
    if (kept) return kept;
    throw error;
  }
}
