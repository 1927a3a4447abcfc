/**
 * Putting fresh parts where the old ones stand. A part that somebody is busy with (an open menu, a field) waits
 * until they are done; where only a button has the focus, the same button of the fresh part gets it. What somebody
 * opened to read (details[data-keep]) keeps nothing waiting: its twin in the fresh part is opened too.
 */

const waiting = new Map();
const SPEAK_PAUSE_MS = 5000;

function standing(name) {
  return [...document.querySelectorAll(`[data-part="${CSS.escape(name)}"]`)];
}

/** The names of the parts on this page. */
export function partNames() {
  return new Set([...document.querySelectorAll("[data-part]")].map((part) => part.dataset.part));
}

function isBusy(part) {
  if (part.matches("[data-busy]") || part.querySelector("details[open]:not([data-keep]), form[data-sent]")) return true;
  const focused = document.activeElement;
  return part.contains(focused) && focused.matches("input:not([type=hidden]), textarea, select");
}

/** Whether a form is on its way: a page that is loaded anew meanwhile takes its answer away (core/forms.js marks it). */
export function isSending() {
  return Boolean(document.querySelector("form[data-sent]"));
}

/** Whether somebody is in the middle of something anywhere on the page. */
export function pageIsBusy() {
  return isSending()
    || Boolean(document.querySelector("details[data-menu][open], dialog[open]"))
    || Boolean(document.activeElement?.matches("input:not([type=hidden]), textarea, select"));
}

function twin(fresh, focused) {
  const kept = focused.closest("summary")?.parentElement.dataset.keep;
  if (kept) return keptIn(fresh, kept)?.querySelector("summary");
  const act = focused.dataset.act;
  if (act) return fresh.querySelector(`[data-act="${CSS.escape(act)}"]`);
  return focused.matches("summary") ? fresh.querySelector("summary") : null;
}

function keptIn(part, name) {
  return part.querySelector(`details[data-keep="${CSS.escape(name)}"]`);
}

function keepOpen(old, fresh) {
  for (const opened of old.querySelectorAll("details[open][data-keep]")) {
    keptIn(fresh, opened.dataset.keep)?.setAttribute("open", "");
  }
}

function replace(old, fresh) {
  keepOpen(old, fresh);
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const said = fresh.dataset.say;
  if (said && said !== old.dataset.say) speak(said);
  old.replaceWith(fresh);
  if (focused) (twin(fresh, focused) ?? document.getElementById("main"))?.focus({ preventScroll: true });
}

function put(name, html) {
  const old = standing(name);
  const template = document.createElement("template");
  template.innerHTML = html;
  const fresh = [...template.content.children];
  if (old.some(isBusy)) {
    waiting.set(name, html);
    return;
  }
  waiting.delete(name);
  old.forEach((part, place) => fresh[place] && replace(part, fresh[place]));
}

/** Puts every part of `{name: html}` where it belongs. */
export function putParts(parts) {
  for (const [name, html] of Object.entries(parts)) put(name, html);
}

function putWaiting() {
  for (const [name, html] of [...waiting]) put(name, html);
}

document.addEventListener("toggle", () => setTimeout(putWaiting), true);
document.addEventListener("focusout", () => setTimeout(putWaiting));

/* What changed is also said to those who listen, at most once in five seconds. */
let unsaid = [];
let pause = null;

function say() {
  const region = document.querySelector("[data-spoken]");
  pause = null;
  if (!region || unsaid.length === 0) return;
  region.textContent = [...new Set(unsaid)].join(". ");
  unsaid = [];
  pause = setTimeout(say, SPEAK_PAUSE_MS);
}

function speak(words) {
  unsaid.push(words);
  if (pause === null) pause = setTimeout(say, 300);
}
