/** The copy of the page that this device keeps, and the worker that shows it while the server cannot be reached. */
const CACHE = "respite-night";
/** What a script imports and a style sheet names, such as the letters' own shapes. */
const NAMES = { ".js": /(?:from|import)\s+"(\.[^"]+)"/g, ".css": /url\("([^"]+)"\)/g };

export const possible = () => window.isSecureContext && "serviceWorker" in navigator && "caches" in window;

/** Take the page as the server draws it for keeping, with every file it needs. */
export async function takeCopy(here) {
  const answer = await fetch(`${here}?kept=yes`, { redirect: "manual" });
  if (!answer.ok) return;
  const drawn = new DOMParser().parseFromString(await answer.clone().text(), "text/html");
  const cache = await caches.open(CACHE);
  const seen = new Set();
  for (const each of drawn.querySelectorAll("link[href], script[src]")) {
    await take(cache, new URL(each.getAttribute("href") ?? each.getAttribute("src"), location.href), seen);
  }
  await cache.put(here, answer);
}

async function take(cache, file, seen) {
  if (seen.has(file.href) || file.origin !== location.origin) return;
  seen.add(file.href);
  // An address with its content's mark never means anything else; one without is taken anew each time.
  let found = file.search && (await cache.match(file));
  if (!found) {
    found = await fetch(file);
    if (!found.ok) throw new Error("a file is missing");
    await cache.put(file, found.clone());
  }
  const names = NAMES[file.pathname.slice(file.pathname.lastIndexOf("."))];
  for (const [, name] of names ? (await found.text()).matchAll(names) : []) await take(cache, new URL(name, file), seen);
}

export async function register(here) {
  await navigator.serviceWorker.register(`${here}/worker.js`, { scope: here });
  await navigator.serviceWorker.ready;
}

/** The copy goes, with whatever names stood in it, and the worker. */
export async function putAway() {
  await caches.delete(CACHE);
  for (const each of await navigator.serviceWorker.getRegistrations()) {
    if (new URL(each.scope).pathname.endsWith("/night")) await each.unregister();
  }
}
