/**
 * The board's life line. The socket only says which parts to look at again, and at which version; they are fetched
 * by HTTP. A gap, a reconnect or a late pulse loads every part again, as the first load did. Without a socket the
 * page looks by itself every ten seconds. See docs/live.md.
 */
import { houseNow, setClock, timeOfDay } from "./clock.js";
import { pageIsBusy, partNames, putParts } from "./parts.js";

const SILENT_MS = 15_000;
const LATE_PULSE_MS = 12_000;
const LOOK_EVERY_MS = 10_000;
const REFUSED_PAUSE_MS = 30_000;
const SOON_MS = 200;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const root = document.querySelector("[data-live]");

let socket = null;
let mine = Number(root.dataset.version); // every version up to this one is on the page, or on its way
let newest = mine; // the highest version anybody spoke of
let wanted = new Set();
let everything = false;
let fetching = false;
let heardAt = Date.now(); // a pulse, a change or a fetched picture
let pulseAt = Date.now();
let lookedAt = Date.now();
let changeTimer = 0;
const openedAt = Date.now();

function hear() {
  heardAt = Date.now();
  showAge();
}

/* -- fetching ------------------------------------------------------------------------------------------- */

function want(names) {
  for (const name of names) wanted.add(name);
  run();
}

/** Load every part again. `jitter` spreads screens that all notice the same thing at once. */
function resync(jitter = 0) {
  everything = true;
  setTimeout(run, Math.random() * jitter);
}

async function run() {
  if (fetching) return;
  fetching = true;
  try {
    while (everything || wanted.size > 0) {
      const all = everything;
      const names = [...wanted];
      everything = false;
      wanted = new Set();
      await look(all ? null : names);
    }
  } catch {
    everything = true; // what was asked for did not come: the next look asks for all of it
  } finally {
    fetching = false;
  }
}

async function look(names) {
  lookedAt = Date.now();
  const address = new URL(root.dataset.parts, location.href);
  if (names) address.searchParams.set("names", names.join(","));
  const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(8000) });
  const isPicture = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
  if ([401, 403, 404, 423].includes(answer.status) || answer.redirected || (answer.ok && !isPicture)) return reload();
  if (!answer.ok) throw new Error(String(answer.status));
  show(await answer.json(), names === null);
}

function show(picture, whole) {
  setClock(picture.now);
  setTimerFor(picture.next);
  if (picture.build !== root.dataset.build) reloadWhenIdle();
  const here = partNames();
  if (picture.names.length !== here.size || picture.names.some((name) => !here.has(name))) return reload();
  putParts(picture.parts);
  if (whole) {
    mine = Math.max(mine, picture.version);
    if (newest > picture.version) everything = true;
  }
  newest = Math.max(newest, picture.version);
  root.dataset.version = String(mine);
  root.dispatchEvent(new CustomEvent("respite:looked", { detail: { quiet: picture.quiet } }));
  hear();
}

function setTimerFor(next) {
  clearTimeout(changeTimer);
  root.dataset.next = next;
  const wait = Math.max(Date.parse(next) - houseNow(), 1000);
  changeTimer = setTimeout(() => resync(SOON_MS), Math.min(wait, LONGEST_TIMER_MS));
}

/* -- loading the page anew ------------------------------------------------------------------------------ */

let reloading = false;

function reload() {
  if (reloading) return;
  reloading = true;
  // Never in a circle: a page that has just come waits a little before it goes again.
  setTimeout(() => location.reload(), Math.max(0, 3000 - (Date.now() - openedAt)));
}

let reloadSoon = false;

function reloadWhenIdle() {
  reloadSoon = true;
}

/* -- the socket ----------------------------------------------------------------------------------------- */

function onChanged({ house, version, parts }) {
  if (house !== root.dataset.house) return;
  hear();
  if (version <= mine) return;
  newest = Math.max(newest, version);
  if (version !== mine + 1) return resync();
  mine = version;
  root.dataset.version = String(mine);
  if (parts.includes("layout") && root.dataset.whole === undefined) return reload();
  const here = partNames();
  // A page drawn as one whole (the roster) looks at it again whatever changed.
  want(root.dataset.whole === undefined ? parts.filter((name) => here.has(name)) : here);
}

function onPulse({ version, at }) {
  const late = Date.now() - pulseAt > LATE_PULSE_MS;
  pulseAt = Date.now();
  setClock(at);
  hear();
  newest = Math.max(newest, version);
  if (late || version > mine || Date.parse(root.dataset.next) <= houseNow()) resync(SOON_MS);
}

async function onConnect(again) {
  pulseAt = Date.now();
  try {
    const answer = await socket.timeout(5000).emitWithAck("watch", { house: root.dataset.house });
    if (answer.error || again || answer.version !== mine) resync(again ? SOON_MS : 0);
    hear();
  } catch {
    resync();
  }
}

function isLive() {
  return Boolean(socket?.connected) && Date.now() - pulseAt < SILENT_MS;
}

async function openSocket() {
  const { io } = await import(root.dataset.socketScript);
  let again = false;
  socket = io("/board", {
    transports: ["websocket"],
    reconnectionDelay: 500,
    reconnectionDelayMax: 5000,
    // Somebody may be signed in on a paired screen: this says which of the two cookies the socket is for.
    auth: root.dataset.screen ? { screen: true } : {},
  });
  socket.on("connect", () => {
    onConnect(again);
    again = true;
  });
  socket.on("changed", onChanged);
  socket.on("pulse", onPulse);
  socket.on("connect_error", () => {
    if (socket.active) return; // the server was not reached: Socket.IO tries again by itself
    // Refused in words: too many screens, or no longer ours to watch. A look by HTTP finds out which.
    resync(SOON_MS);
    setTimeout(() => socket.connect(), REFUSED_PAUSE_MS);
  });
  socket.on("disconnect", (reason) => {
    resync(SOON_MS);
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), 1000);
  });
}

/* -- the age of the picture ----------------------------------------------------------------------------- */

function showAge() {
  const old = Date.now() - heardAt > SILENT_MS;
  if (root.classList.toggle("is-old", old) && !root.dataset.oldSince) {
    const at = timeOfDay(houseNow() - (Date.now() - heardAt), root.dataset.zone);
    root.dataset.oldSince = at;
    root.querySelector("[data-age]").textContent = root.dataset.wordOld.replace("{at}", at);
  } else if (!old && root.dataset.oldSince) {
    delete root.dataset.oldSince;
    root.querySelector("[data-age]").textContent = "";
  }
  root.dataset.line = old ? "old" : isLive() ? "live" : "slow";
}

function tick() {
  showAge();
  if (!isLive() && Date.now() - lookedAt > LOOK_EVERY_MS) resync();
  if (reloadSoon && !pageIsBusy()) reload();
}

/** The machine slept, the network came back, the page came out of the browser's cache: look at once. */
function wakeUp() {
  if (document.visibilityState === "hidden") return;
  if (socket && !socket.connected) socket.connect();
  resync();
}

setClock(root.dataset.now);
setTimerFor(root.dataset.next);
setInterval(tick, 1000);
document.addEventListener("visibilitychange", wakeUp);
window.addEventListener("online", wakeUp);
window.addEventListener("pageshow", (event) => event.persisted && wakeUp());
openSocket().catch(() => {}); // without the script the page goes on looking by itself
