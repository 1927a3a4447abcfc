/** A shared tablet locks when nobody touches it. The server does so too; this only does it before somebody looks. */
const LOOK_EVERY_MS = 5_000;
const SAY_EVERY_MS = 60_000;
const lockForm = document.querySelector("form[data-lock]");
const idleMs = Number(lockForm?.dataset.idle ?? 300) * 1000;

let touched = Date.now();
let said = Date.now();

function touch() {
  touched = Date.now();
  if (touched - said < SAY_EVERY_MS) return;
  said = touched;
  const body = new URLSearchParams({ csrf_token: lockForm.querySelector("input[name=csrf_token]").value });
  fetch("/seen", { method: "POST", body }).then((answer) => {
    if (answer.status === 423 || answer.status === 401) location.reload();
  }, () => {});
}

function look() {
  if (Date.now() - touched < idleMs) return;
  touched = Date.now();
  lockForm.requestSubmit(); // drafts.js keeps what was being written before this goes
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
