// Keeps the page usable without a network. In: requests of the page. Out: the files of one version, all or none. The build writes
// their names in here. Refuses to touch requests to other places.

const FILES = /* FILES */ [];
const VERSION = /* VERSION */ "";
const NAME = `keyward-${VERSION}`;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(FILES)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("keyward-") && name !== NAME).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  // The page itself from the network first, so that a new version is seen; everything else has its version in its name.
  const kept = () => caches.open(NAME).then((cache) => cache.match(request, { ignoreSearch: true }));
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(async () => (await kept()) ?? (await caches.match("index.html")) ?? Response.error()));
  else event.respondWith(kept().then((found) => found ?? fetch(request)));
});
