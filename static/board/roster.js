/**
 * The roster beyond its links: menus, drags and the way by keyboard. live.js draws it anew when anything changes,
 * so nothing is kept about a piece but what is read from it.
 */
import {
  FREE, choose, chosen, columnOf, doorName, freeRun, keepOneNight, markOf, neighbour, nightHeads, part, pieceBy,
} from "./roster_grid.js";
import { has, isOpen, openForBar, openForNights, saveAddress, words } from "./roster_menu.js";
import { keepDrags, wasDrag } from "./roster_drag.js";

const root = document.querySelector(".beds");
let focused = null; // the mark of the piece that has the focus
let scrolled = { left: 0, top: 0 }; // how far the table is scrolled
let anchor = null; // the night from which nights are chosen by keyboard

/* -- each time the table is drawn ----------------------------------------------------------------------- */

function dress() {
  for (const bar of part().querySelectorAll(".bar[data-id]")) {
    if (bar.dataset.state === "closed" && !has("open")) continue;
    bar.setAttribute("role", "button");
    bar.setAttribute("aria-haspopup", "dialog");
    bar.setAttribute("aria-expanded", "false");
    bar.tabIndex = 0;
    if (bar.dataset.end !== undefined && has("more")) {
      const end = document.createElement("span");
      end.className = "bar-end";
      bar.append(end);
    }
  }
  keepOneNight(focused ? part().querySelector(`${FREE}:focus`) : null);
}

function watch() {
  new MutationObserver((changes) => {
    if (!changes.some((change) => [...change.addedNodes].some((node) => node.id === "roster"))) return;
    dress();
    part().querySelector("[data-scroll]")?.scrollTo(scrolled);
    if (focused && document.activeElement?.id === "main") pieceBy(focused)?.focus({ preventScroll: true });
  }).observe(root, { childList: true });
}

/* -- choosing nights by keyboard ------------------------------------------------------------------------ */

function stretch(night, key) {
  const next = neighbour(night, key);
  anchor = anchor?.isConnected && night.classList.contains("chosen") ? anchor : night;
  if (!next?.matches(FREE)) return;
  const run = freeRun(anchor, columnOf(next));
  if (!run.includes(next)) return;
  choose(run);
  next.focus();
}

function about(nights) {
  const names = nightHeads().map((head) => head.querySelector(".hide").textContent);
  const count = (nights.length === 1 ? words.wordNight : words.wordNights).replace("{n}", nights.length);
  return [doorName(nights[0].closest("tr")), names[columnOf(nights[0])], count].join(", ");
}

/* -- what happens --------------------------------------------------------------------------------------- */

function openNight(night) {
  const nights = night.classList.contains("chosen") ? chosen() : [night];
  if (has("close")) openForNights(night, nights, about(nights));
  else location.href = saveAddress(nights);
}

function onClick(event) {
  const piece = event.target.closest(`.bar[role="button"], ${FREE}`);
  if (!piece || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (wasDrag()) return;
  if (piece.matches(FREE)) openNight(piece);
  else openForBar(piece);
}

function onKey(event) {
  const piece = event.target.closest(`a.bar, .bar[role="button"], ${FREE}`);
  if (!piece || isOpen() || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape") {
    choose([]);
  } else if ((event.key === "Enter" && !piece.matches("a")) || (event.key === " " && !piece.matches(".bar:not([role])"))) {
    event.preventDefault();
    piece.click();
  } else if (event.shiftKey && piece.matches(FREE) && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
    event.preventDefault();
    stretch(piece, event.key);
  } else if (!event.shiftKey) {
    const next = neighbour(piece, event.key);
    if (!next) return;
    event.preventDefault();
    choose([]);
    next.focus();
  }
}

function onFocus(event) {
  const piece = event.target.closest(`.bar, ${FREE}`);
  focused = piece ? markOf(piece) : null;
  if (piece?.matches(FREE)) keepOneNight(piece);
}

function onScroll(event) {
  if (event.target.dataset?.scroll === undefined) return;
  scrolled = { left: event.target.scrollLeft, top: event.target.scrollTop };
}

/** A bar too short for its name says it to a mouse that rests on it. */
function onOver(event) {
  const bar = event.target.closest(".bar");
  if (bar && !bar.title) bar.title = bar.querySelector(".hide").textContent;
}

if (HTMLElement.prototype.showPopover && part()) {
  dress();
  watch();
  keepDrags(root);
  root.addEventListener("click", onClick);
  root.addEventListener("keydown", onKey);
  root.addEventListener("focusin", onFocus);
  root.addEventListener("pointerover", onOver);
  root.addEventListener("scroll", onScroll, true);
  root.querySelector("[data-keys]").hidden = false;
}
