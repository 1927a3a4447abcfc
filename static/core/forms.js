/**
 * Forms: a second tap on the same button does nothing, a stepper has buttons, a print button prints.
 * Words typed into a form stay in the page: nothing is put into the browser's storage (overnight mode alone keeps
 * entries there, sealed for the server). A feature that keeps
 * drafts on the server listens for "respite:draft" on form[data-draft] and sends what the event carries.
 */

const DRAFT_PAUSE_MS = 800;

function guardSecondTap(event) {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "true";
  event.submitter?.setAttribute("aria-busy", "true");
}

/** The page may come back from the back-forward cache with its forms still marked as sent. */
function forgetSent() {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
}

function step(button) {
  const input = button.closest("[data-stepper]").querySelector("input");
  if (button.dataset.step === "1") input.stepUp();
  else input.stepDown();
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function announceDrafts(form) {
  let pause;
  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => {
      form.dispatchEvent(new CustomEvent("respite:draft", { bubbles: true, detail: new FormData(form) }));
    }, DRAFT_PAUSE_MS);
  });
}

export function keepForms(root) {
  root.addEventListener("submit", guardSecondTap);
  window.addEventListener("pageshow", forgetSent);
  for (const button of root.querySelectorAll("[data-step], [data-print]")) button.hidden = false;
  root.addEventListener("click", (event) => {
    const stepper = event.target.closest("[data-step]");
    if (stepper) step(stepper);
    if (event.target.closest("[data-print]")) window.print();
  });
  if (root.body?.matches("[data-print-now]")) window.addEventListener("load", () => window.print(), { once: true });
  for (const form of root.querySelectorAll("form[data-draft]")) announceDrafts(form);
}
