/**
 * Overnight mode. Whatever is entered is first kept on this device, sealed, with the time it happened, and then sent: one
 * after another, in order, each until the server has said what became of it. So a line that is cut, a page that is
 * loaded again and an answer that got lost on the way all come to the same: each entry arrives once.
 */
import { possible, putAway, register, takeCopy } from "./copy.js";
import { seal } from "./sealing.js";
import { change, entriesOf, fact, keep, keepFact, wipe } from "./store.js";

const LOOK_HERE_MS = 15_000;
const LOOK_AWAY_MS = 5_000;
const ANSWER_WITHIN_MS = 20_000;
const TOUCH_KEPT_MS = 15_000;
const COPY_AGES_MS = 1_800_000;
const RESTS_LOOK_MS = 2_000;
const GIVES_WAY_AFTER = 5; // failures of one entry, before those that came after it are tried too
const NOT_NOW = [429, 503]; // what a server says that is asked too much at once: it is no fault of the entry

const page = document.querySelector("[data-night]");
const { house, here, zone } = page.dataset;
const find = (mark) => page.querySelector(`[data-${mark}]`);
const word = (name) => page.getAttribute(`data-say-${name}`);
const fill = (name, values) => word(name).replace(/\{(\w+)\}/g, (_all, key) => values[key]);

let me = { id: page.dataset.person, name: page.dataset.name };
let csrf = "";
let line = "unknown"; // here, away, locked, signed-out, no-right
let awaySince = null;
let ahead = 0; // milliseconds from this device's clock to the house's
let resting = false;
let touched = 0;
let version = page.dataset.version;
let copied = false;
let copiedAt = 0;
const shownWords = new Map(); // of refused entries, while this page is open
const entering = new Set(); // forms whose entry is not on the disk yet: a second tap is no second entry

const now = () => new Date(Date.now() + ahead);
const lang = document.documentElement.lang;
const clockOf = (at) => {
  const said = new Intl.DateTimeFormat(lang === "en" ? "en-US" : lang, { hour: "numeric", minute: "2-digit", timeZone: zone }).format(at);
  return lang === "en" ? said.toLowerCase() : said;
};
const dayOf = (at) => new Intl.DateTimeFormat(lang, { weekday: "long", timeZone: zone }).format(at);
const timeOf = (at) => (dayOf(at) === dayOf(now()) ? clockOf(at) : `${dayOf(at)} ${clockOf(at)}`);
const whatOf = (kind) => page.querySelector(`[data-entry="${kind}"]`).closest("details").querySelector("h2").textContent;

// -- what is said -----------------------------------------------------------------------------------------------------

function say(words, undo = null) {
  const said = find("said");
  said.hidden = !words;
  said.querySelector("p").textContent = words;
  const button = find("undo");
  button.hidden = !undo;
  button.onclick = undo;
}

function sayLine() {
  const words = { away: fill("away", { time: clockOf(awaySince ?? now()) }) }[line] ?? (word(line) || "");
  const shown = find("line");
  if (shown.dataset.shown === words) return;
  shown.dataset.shown = words;
  shown.replaceChildren(words);
  shown.dataset.state = line === "here" ? "free" : "attention";
  if (line === "locked" || line === "signed-out") {
    const way = document.createElement("a");
    way.href = here;
    way.textContent = "→";
    way.setAttribute("aria-label", words);
    shown.append(" ", way);
  }
}

// -- rest: nobody was here for a while, so the names are put away -------------------------------------------------------

const away = new Map();

function rest(on) {
  resting = on;
  wakes = false;
  find("rested").hidden = !on;
  if (on) {
    say("");
    shownWords.clear();
    for (const each of page.querySelectorAll("[data-put-away]")) {
      if (!away.has(each)) away.set(each, each.textContent);
      each.textContent = each.dataset.putAway;
    }
  } else {
    for (const [each, words] of away) each.textContent = words;
    away.clear();
  }
}

const idle = () => Date.now() - touched > Number(page.dataset.idleSeconds) * 1000;
let touchKept = 0;

let wakes = false;

function touch() {
  if (resting) {
    // Who comes back to a screen that rests is not known until the server says that it is unlocked.
    if (!wakes) look();
    wakes = true;
    return;
  }
  touched = Date.now();
  if (touched - touchKept > TOUCH_KEPT_MS) {
    touchKept = touched;
    keepFact("touched", touched).catch(() => {});
  }
}

// -- the line ---------------------------------------------------------------------------------------------------------

let looking;

async function ask() {
  try {
    const answer = await fetch(`${here}/state`, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    if (answer.status === 423) return ["locked"];
    if (answer.status === 401) return ["signed-out"];
    if (answer.status === 404) return ["no-right"];
    if (answer.ok) return ["here", await answer.json()];
  } catch {
    // Away, like every other answer.
  }
  return ["away"];
}

async function look() {
  clearTimeout(looking);
  const [found, state] = await ask();
  if (found === "away") awaySince ??= now();
  else awaySince = null;
  line = found;
  if (!["here", "away"].includes(found) && !resting) rest(true); // whoever stands there now is not known
  if (found === "here" && resting && wakes) {
    touched = Date.now();
    rest(false);
  }
  wakes = false;
  if (state) await heard(state);
  sayLine();
  if (found === "here" && !resting) await send();
  await draw();
  looking = setTimeout(look, found === "away" ? LOOK_AWAY_MS : LOOK_HERE_MS);
}

async function heard(state) {
  csrf = state.csrf;
  ahead = Date.parse(state.now) - Date.now();
  await keepFact("ahead", ahead);
  if (me.id !== state.person) [copied, version] = [false, ""]; // another reader: what they may see is drawn anew
  me = { id: state.person, name: state.name };
  if (version !== String(state.version) || !copied || Date.now() - copiedAt > COPY_AGES_MS) {
    await refresh(String(state.version)).catch(() => {});
  }
}

/** The lists as they are now, unless somebody is choosing from one, and a new copy of the page. */
async function refresh(newVersion) {
  if (newVersion !== version && !page.querySelector(".night-act[open]") && !resting) {
    const answer = await fetch(here, { redirect: "manual" });
    if (!answer.ok) return;
    const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of page.querySelectorAll("[data-part]")) {
      const fresh = drawn.querySelector(`[data-part="${part.dataset.part}"]`);
      if (fresh) part.replaceWith(document.importNode(fresh, true));
    }
    version = newVersion;
  }
  await takeCopy(here);
  copied = true;
  copiedAt = Date.now();
}

// -- entering ---------------------------------------------------------------------------------------------------------

async function enter(form, submitter) {
  if (entering.has(form)) return;
  entering.add(form);
  let kept;
  try {
    if (resting && line === "here") await look();
    kept = await keepOne(form, submitter);
  } finally {
    entering.delete(form);
  }
  await sendNew(kept);
}

/** Sealed and on the disk; throws where this browser could not. */
async function keepOne(form, submitter) {
  const kind = form.dataset.entry;
  const fields = [...new FormData(form, submitter)].filter(([name]) => !["csrf_token", "key", "kind", "clock"].includes(name));
  const key = crypto.randomUUID();
  const at = now();
  const entry = {
    house, key, kind, at: at.toISOString(),
    clock: form.elements.clock?.value ?? "",
    person: resting ? "" : me.id,
    name: resting ? "" : me.name,
    box: page.dataset.box,
    sealed: await seal(page.dataset.point, JSON.stringify(fields), key),
    // A second person hours later is another wish, so that one is put to somebody and not sent by itself.
    state: kind === "second" ? "ask" : "waits",
    said: "",
    page: "",
  };
  entry.order = await keep(entry);
  form.reset();
  form.closest("details").open = kind === "second";
  say("");
  await draw();
  return entry;
}

async function sendNew(entry) {
  const told = { what: whatOf(entry.kind), time: clockOf(new Date(entry.at)) };
  if (line === "here" && !resting) {
    if (entry.kind === "second") await sendOne(entry, true);
    else await send();
  }
  const left = (await entriesOf(house)).find((each) => each.order === entry.order);
  if (left?.state === "ask") {
    say(word({ here: "not-asked", away: "no-second" }[line] ?? line));
    page.querySelector("[data-calls]").scrollIntoView({ block: "nearest" });
  } else if (left?.state === "waits") {
    const locked = line === "locked" || line === "signed-out";
    say(fill(resting ? "kept-rested" : locked ? "kept-locked" : line === "here" ? "kept-tried" : "kept", told));
  }
  await draw();
}

// -- sending ----------------------------------------------------------------------------------------------------------

/** Two pages of this house on one device take turns. */
const inTurn = (act) => navigator.locks.request(`respite-night-${house}`, act);
const isMine = (entry) => entry.state === "waits" && (entry.person === me.id || entry.taken === me.id);

/**
 * Each waits for the one before it. One that fails again and again lets the next be tried: where that one goes through
 * the fault is the first one's own, and it is put aside for a person; where none does, it is the server's, and all of
 * them keep their order.
 */
async function send() {
  await inTurn(async () => {
    const failing = [];
    for (const entry of (await entriesOf(house)).filter(isMine)) {
      const became = await sendInTurn(entry);
      if (became === "told") for (const each of failing.splice(0)) await putAside(each);
      else if (became === "failed" && entry.failed >= GIVES_WAY_AFTER) failing.push(entry);
      else return;
    }
  });
}

const sendOne = (entry, asNow = false) => inTurn(() => sendInTurn(entry, asNow));

/** "told" what became of it, "failed" although the server is there, or "waits", as whatever follows does. */
async function sendInTurn(entry, asNow = false) {
  const [told, status] = await post(entry, { at: asNow ? now().toISOString() : entry.at });
  if (told) {
    if (told.state !== "taken") say("");
    await hear(entry, told);
    return "told";
  }
  // What was answered, or that nothing was, may be about the line, the lock, a role: so that is asked.
  [line] = await ask();
  awaySince = line === "away" ? (awaySince ?? now()) : null;
  sayLine();
  if (line !== "here" || NOT_NOW.includes(status)) return "waits";
  entry.failed = (entry.failed ?? 0) + 1;
  await change(entry.order, { failed: entry.failed });
  return "failed";
}

/** The server's answer to an entry, where it gave one, and its status. */
async function post(entry, more) {
  const body = new URLSearchParams({
    csrf_token: csrf, entry: entry.key, kind: entry.kind, at: entry.at,
    clock: entry.clock, person: entry.person, box: entry.box, sealed: entry.sealed, ...more,
  });
  try {
    const answer = await fetch(`${here}/entries`, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const isTold = answer.ok && (answer.headers.get("content-type") ?? "").includes("json");
    return [isTold ? await answer.json() : null, answer.status];
  } catch {
    return [null, 0];
  }
}

async function hear(entry, told) {
  if (told.state === "taken") {
    await wipe(entry.order);
    shownWords.delete(entry.key);
    say(told.said, told.undo ? () => undo(told) : null);
  } else {
    if (told.words) shownWords.set(entry.key, told.words);
    await change(entry.order, { state: "refused", said: told.said, page: told.page });
  }
}

/** No longer tried by itself. The server says whether it stands in the book all the same, and gives its words back. */
async function putAside(entry) {
  const [told] = await post(entry, { aside: "yes" });
  await hear(entry, told ?? { state: "refused", said: word("aside"), page: "" });
}

function undo(told) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = told.undo;
  for (const [name, value] of Object.entries({ csrf_token: csrf, key: crypto.randomUUID(), ...told.fields })) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}

// -- what waits -------------------------------------------------------------------------------------------------------

async function draw() {
  const waiting = await entriesOf(house);
  const list = find("list");
  // While somebody types a time the list stays as it is.
  if (list.contains(document.activeElement) && document.activeElement.matches("input")) return;
  find("waits").hidden = !waiting.length;
  const item = find("item");
  const focused = document.activeElement?.dataset?.act && document.activeElement.closest("li")?.dataset.order;
  const fresh = document.createElement("ol");
  fresh.append(
    ...waiting.map((entry) => {
      const drawn = item.content.cloneNode(true);
      const row = drawn.querySelector("li");
      const part = (mark) => row.querySelector(`[data-${mark}]`);
      const act = (name) => row.querySelector(`[data-act="${name}"]`);
      row.dataset.order = entry.order;
      const at = new Date(entry.at);
      part("what").textContent = whatOf(entry.kind);
      part("when").textContent = entry.clock ? `${dayOf(at) === dayOf(now()) ? "" : dayOf(at)} ${entry.clock}`.trim() : timeOf(at);
      part("when").dateTime = entry.at;
      const others = entry.state === "waits" && !isMine(entry);
      const refused = entry.state === "refused";
      const failing = entry.state === "waits" && !others && entry.failed >= GIVES_WAY_AFTER;
      part("why").textContent =
        entry.state === "ask" ? word("wanted")
        : refused ? entry.said
        : others ? (entry.person ? fill("theirs", { name: entry.name }) : word("nobodys"))
        : entry.failed ? word("failing")
        : word(line === "here" ? "in-turn" : "waits");
      part("words").textContent = shownWords.get(entry.key) ?? "";
      act("ask").hidden = entry.state !== "ask" || line !== "here" || resting;
      act("mine").hidden = !others || line !== "here" || resting;
      act("again").hidden = part("new-clock").closest("label").hidden = !refused || line !== "here" || resting;
      part("own-page").hidden = !refused || line !== "here" || !entry.page;
      part("own-page").href = entry.page || here;
      act("aside").hidden = !failing || line !== "here" || resting;
      act("drop").hidden = resting || (entry.state === "waits" && !others && !failing);
      return drawn;
    }),
  );
  // What is as it was stays: a button under somebody's finger, a time that was typed.
  if (fresh.innerHTML === list.innerHTML) return;
  list.replaceChildren(...fresh.childNodes);
  if (focused) list.querySelector(`[data-order="${focused}"] button:not([hidden])`)?.focus();
}

async function decide(button) {
  const row = button.closest("li");
  const entry = (await entriesOf(house)).find((each) => String(each.order) === row.dataset.order);
  if (!entry) return;
  const doing = button.dataset.act;
  if (doing === "drop") {
    await wipe(entry.order);
    say(fill("let-go", { what: whatOf(entry.kind), time: timeOf(new Date(entry.at)) }), async () => {
      await keep(entry);
      say("");
      await draw();
    });
  } else if (doing === "ask") {
    if ((await sendOne(entry, true)) !== "told") say(word("not-asked"));
  } else if (doing === "aside") {
    say("");
    await inTurn(() => putAside(entry));
  } else {
    const clock = row.querySelector("[data-new-clock]").value || entry.clock;
    await change(entry.order, { clock, state: "waits", taken: me.id });
    await send();
  }
  await draw();
}

// -- going ------------------------------------------------------------------------------------------------------------

const leaving = find("leaving");

async function leave(go) {
  if (!(await entriesOf(house)).length) {
    await go();
    return;
  }
  leaving.showModal();
  leaving.querySelector("[data-leave=stay]").onclick = () => leaving.close();
  leaving.querySelector("[data-leave=keep]").onclick = go;
}

async function end(event) {
  event.preventDefault();
  await leave(async () => {
    await putAway();
    location.assign(event.target.href);
  });
}

// -- beginning --------------------------------------------------------------------------------------------------------

async function begin() {
  const kept = await Promise.all([fact("ahead"), fact("touched")]);
  ahead = kept[0] ?? 0;
  // Loaded by hand with the line here; without it, as long as somebody was here lately.
  const [found, state] = await ask();
  line = found;
  touched = found === "here" ? Date.now() : (kept[1] ?? 0);
  if (found === "here") await keepFact("touched", touched);
  if (found !== "here" && idle()) rest(true);
  if (state) await heard(state);
  if (found === "away") awaySince = now();
  register(here).catch(() => {});
  navigator.storage?.persist?.();
  for (const form of page.querySelectorAll("form[data-entry]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      enter(form, event.submitter).catch(() => say(word("broken")));
    });
  }
  for (const sign of ["pointerdown", "keydown"]) document.addEventListener(sign, touch, { passive: true });
  find("list").addEventListener("click", (event) => event.target.closest("[data-act]") && decide(event.target.closest("[data-act]")));
  find("end").hidden = false;
  find("end").addEventListener("click", end);
  document.addEventListener("respite:leaving", (event) => leave(event.detail));
  // This page rests where others lock: it is needed also when the line goes meanwhile.
  document.addEventListener("respite:idle", (event) => event.preventDefault());
  document.addEventListener("respite:locked", (event) => {
    event.preventDefault();
    look();
  });
  setInterval(() => {
    find("clock").textContent = clockOf(now());
    if (!resting && idle()) {
      rest(true);
      look();
    }
  }, RESTS_LOOK_MS);
  find("clock").textContent = clockOf(now());
  window.addEventListener("online", look);
  window.addEventListener("offline", look);
  await look();
  page.dataset.ready = "";
  if (location.hash === "#leaving") document.querySelector("form[action$='/sign-out']").requestSubmit();
}

if (possible()) begin();
else find("line").textContent = word("plain");
