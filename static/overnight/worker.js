/** Shows the kept copy of one page, and its files, while the server cannot be reached. Everything else passes by. */
const CACHE = "respite-night";
const PATIENCE_MS = 5_000;
const NOBODY_THERE = [502, 503, 504]; // what a proxy says before a server that is down

const own = new URL(self.registration.scope).pathname;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && path === own) event.respondWith(orKept(request, own));
  else if (path.startsWith("/static/")) event.respondWith(orKept(request, request.url));
});

async function orKept(request, name) {
  const kept = await (await caches.open(CACHE)).match(name);
  if (!kept) return fetch(request);
  let gaveUp;
  const patience = new Promise((_resolve, reject) => (gaveUp = setTimeout(() => reject(new Error("no answer")), PATIENCE_MS)));
  try {
    const answer = await Promise.race([fetch(request), patience]);
    return NOBODY_THERE.includes(answer.status) ? kept : answer;
  } catch {
    return kept;
  } finally {
    clearTimeout(gaveUp);
  }
}
