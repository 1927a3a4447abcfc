/**
 * A thread that stays open. What comes in while nobody sits before it is not read: it counts as seen when somebody
 * does something on the page after it appeared (the button does the same without this script).
 */
import { keepCounts } from "./segments.js";

const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];
let sent = null;

async function readByNow() {
  const form = document.querySelector("form[data-unseen]");
  if (!form || form === sent || document.visibilityState === "hidden") return;
  sent = form;
  try {
    await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
  } catch {
    sent = null; // the line is away; the next sign of life tries again
  }
}

keepCounts(document);
for (const sign of SIGNS) document.addEventListener(sign, readByNow, { passive: true });
