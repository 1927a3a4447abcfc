/** A shared tablet locks when nobody touches it. The server does so too; this only does it before somebody looks. */
const LOOK_EVERY_MS = 5_000;
const SAY_EVERY_MS = 60_000;
const lockForm = document.querySelector("form[data-lock]");
const idleMs = Number(lockForm?.dataset.idle ?? 300) * 1000;

let touched = Date.now();
let said = Date.now();

function touch() {
  if (resting()) return; // what was put away comes back behind the lock alone
  touched = Date.now();
  if (touched - said < SAY_EVERY_MS) return;
  said = touched;
  const body = new URLSearchParams({ csrf_token: lockForm.querySelector("input[name=csrf_token]").value });
  fetch("/seen", { method: "POST", body }).then((answer) => {
    if ((answer.status === 423 || answer.status === 401) && announce("respite:locked")) location.reload();
  }, () => {});
}

/** Whether the page leaves it to this script: one that rests by itself, such as overnight, prevents it. */
function announce(name) {
  return document.dispatchEvent(new CustomEvent(name, { cancelable: true }));
}

function resting() {
  return document.getElementById("main").hidden;
}

let looking = false;

/** Lock; where the line is away, rest instead: the page hides itself, the door card stays, and the lock comes with the line. */
async function look() {
  if (looking || Date.now() - touched < idleMs || !announce("respite:idle")) return;
  looking = true;
  if (await reached()) {
    touched = Date.now();
    lockForm.requestSubmit(); // drafts.js keeps what was being written before this goes
  } else {
    document.getElementById("main").hidden = true;
    document.querySelector("[data-resting]").hidden = false;
  }
  looking = false;
}

async function reached() {
  try {
    return (await fetch("/health/live", { cache: "no-store", signal: AbortSignal.timeout(3_000) })).ok;
  } catch {
    return false;
  }
}

if (lockForm) {
  for (const sign of ["pointerdown", "keydown", "wheel", "touchmove"]) {
    document.addEventListener(sign, touch, { passive: true });
  }
  setInterval(look, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", look);
  // A page that the browser kept must not show what was locked since.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
}
