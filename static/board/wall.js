/** What only the wall does: its clock, pages of doors, the face for visitors, the dark of the quiet hours. */
import "./live.js";
import { dayName, houseNow, timeOfDay } from "./clock.js";

const PAGE_MS = 20_000;
const HOUR_S = 3600;
const root = document.querySelector("[data-live]");

/* -- the clock ------------------------------------------------------------------------------------------ */

function showClock() {
  const clock = root.querySelector("[data-clock]");
  const at = houseNow();
  const [time, half = ""] = timeOfDay(at, root.dataset.zone).split(" ");
  const bold = document.createElement("b");
  bold.textContent = time;
  clock.replaceChildren(`${dayName(at, root.dataset.zone)} `, bold, half && ` ${half}`);
}

/* -- pages of doors: they turn by themselves until somebody wants to keep one ------------------------------- */

const pages = [...root.querySelectorAll("[data-page]")];
const pager = root.querySelector("[data-pages]");
let kept = false;
let turnAt = Date.now() + PAGE_MS;

function turnPage() {
  const next = (pages.findIndex((page) => !page.hidden) + 1) % pages.length;
  pages.forEach((page, place) => { page.hidden = place !== next; });
  pager.querySelectorAll("i").forEach((dot, place) => dot.classList.toggle("is-on", place === next));
  turnAt = Date.now() + PAGE_MS;
}

function showPager() {
  pager.setAttribute("aria-pressed", String(kept));
  pager.querySelector("[data-words]").textContent = kept ? pager.dataset.wordKept : pager.dataset.wordTurning;
}

function keepPages() {
  pager.hidden = false;
  showPager();
  pager.addEventListener("click", () => {
    kept = !kept;
    if (!kept) turnPage();
    showPager();
  });
}

/* -- the face for visitors ------------------------------------------------------------------------------ */

const turn = root.querySelector("[data-turn]");
let backAt = Infinity;

function showFace(face) {
  for (const one of root.querySelectorAll("[data-face]")) one.hidden = one.dataset.face !== face;
  turn.textContent = face === "house" ? turn.dataset.wordHouse : turn.dataset.wordDoors;
  if (pager) pager.hidden = face === "house";
}

/** The choice is a cookie, so that a screen that loads anew never flashes its doors at a visitor. */
function turnFace(face) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  const hidden = face === "house";
  document.cookie = `face=${face}; path=/wall; max-age=${hidden ? HOUR_S : 0}; samesite=lax${secure}`;
  backAt = hidden ? Date.now() + HOUR_S * 1000 : Infinity;
  showFace(face);
}

function keepFaces() {
  if (shownFace() === "house") backAt = Date.now() + HOUR_S * 1000;
  turn.addEventListener("click", (event) => {
    event.preventDefault();
    turnFace(shownFace() === "house" ? "doors" : "house");
  });
}

function shownFace() {
  return root.querySelector("[data-face]:not([hidden])")?.dataset.face;
}

/* -- the line, the dark, and staying awake ------------------------------------------------------------------ */

const line = root.querySelector("p.live");

function showLine() {
  const quiet = root.classList.contains("is-quiet");
  const live = quiet ? line.dataset.wordQuiet : line.dataset.wordLive;
  const words = root.dataset.line === "live" ? live : line.dataset.wordSlow;
  line.hidden = !root.dataset.line;
  if (line.textContent !== words) line.textContent = words;
}

root.addEventListener("respite:looked", ({ detail }) => {
  root.classList.toggle("is-quiet", detail.quiet);
  document.documentElement.dataset.theme = detail.quiet ? "night" : "day";
});

async function stayAwake() {
  if (document.visibilityState === "hidden") return;
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // Some browsers allow it only with the mains plugged in; the machine's own setting then decides.
  }
}

function tick() {
  showClock();
  showLine();
  if (pages.length > 1 && !kept && Date.now() >= turnAt) turnPage();
  if (Date.now() >= backAt) turnFace("doors");
}

if (pager) keepPages();
if (turn) {
  keepFaces();
  showFace(shownFace());
}
document.addEventListener("visibilitychange", stayAwake);
stayAwake();
tick();
setInterval(tick, 1000);
