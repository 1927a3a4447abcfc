/**
 * By mouse or pen: over free nights to choose them, a bar to another door, a bar's end to more nights. Escape leaves
 * everything as it was. By touch nothing is dragged, because a finger scrolls; the menus offer the same.
 */
import { FREE, choose, chosen, columnOf, doors, freeRun, nightHeads, part, setBusy, spanOf } from "./roster_grid.js";
import { has, post, saveAddress, words } from "./roster_menu.js";

const FAR_ENOUGH = 5; // pixels; less is a click

let drag = null; // what is being dragged: {begin, move, drop, cancel, x, y, started}
let justDragged = false;

/** Whether the click that is coming belongs to a drag that has just ended. */
export function wasDrag() {
  return justDragged;
}

function columnAt(x) {
  const boxes = nightHeads().map((head) => head.getBoundingClientRect());
  const found = boxes.findIndex((box) => x < box.right);
  return found < 0 ? boxes.length - 1 : found;
}

function scroller() {
  return part().querySelector("[data-scroll]");
}

/* -- choosing nights ------------------------------------------------------------------------------------ */

function choosing(first) {
  return {
    begin() {},
    move(x) {
      choose(freeRun(first, columnAt(x)));
    },
    drop() {
      location.href = saveAddress(chosen());
    },
    cancel() {
      choose([]);
    },
  };
}

/* -- moving --------------------------------------------------------------------------------------------- */

function moving(bar) {
  const rows = doors();
  const open = new Set((bar.dataset.to ?? "").split(" ").filter(Boolean).map(Number));
  let layer = null;
  let ghost = null;
  let over = null;
  const doorAt = (y) => rows.findIndex((row) => {
    const box = row.getBoundingClientRect();
    return y >= box.top && y < box.bottom;
  });
  return {
    begin() {
      layer = document.createElement("div");
      layer.className = "roster-drops";
      rows.forEach((row, place) => row !== bar.closest("tr") && layer.append(dropOn(row, place, open.has(place), bar)));
      ghost = ghostOf(bar);
      layer.append(ghost);
      scroller().append(layer);
      bar.classList.add("moving");
    },
    move(x, y, startX, startY) {
      ghost.style.transform = `translate(${(x - startX) / 8}px, ${y - startY}px)`;
      over = doorAt(y);
      for (const drop of layer.querySelectorAll(".drop")) {
        drop.classList.toggle("over", drop.dataset.drop === "free" && Number(drop.dataset.place) === over);
      }
    },
    drop() {
      if (!open.has(over)) return this.cancel();
      return post("move", bar.dataset.id, { version: bar.dataset.version, bed_id: rows[over].dataset.bed });
    },
    cancel() {
      layer?.remove();
      bar.classList.remove("moving");
    },
  };
}

/** Where the nights of the bar lie behind another door, and whether they are free there. */
function dropOn(row, place, isFree, bar) {
  const drop = document.createElement("div");
  const across = bar.closest("td").getBoundingClientRect();
  const down = row.getBoundingClientRect();
  drop.className = "drop";
  drop.dataset.drop = isFree ? "free" : "taken";
  drop.dataset.place = place;
  drop.textContent = isFree ? words.wordFree : words.wordTaken;
  if (isFree) drop.prepend(document.getElementById("roster-free-mark").content.cloneNode(true));
  put(drop, { left: across.left + 3, top: down.top + 7, width: across.width - 6, height: down.height - 14 });
  return drop;
}

function ghostOf(bar) {
  const ghost = bar.cloneNode(true);
  ghost.removeAttribute("href");
  ghost.setAttribute("aria-hidden", "true");
  ghost.classList.add("ghost");
  put(ghost, bar.getBoundingClientRect());
  return ghost;
}

/** Puts something of the layer at a place that was measured on the screen. */
function put(element, { left, top, width, height }) {
  const field = scroller().getBoundingClientRect();
  Object.assign(element.style, {
    left: `${left - field.left + scroller().scrollLeft}px`,
    top: `${top - field.top + scroller().scrollTop}px`,
    width: `${width}px`,
    height: `${height}px`,
  });
}

/* -- more nights ---------------------------------------------------------------------------------------- */

function growing(bar) {
  const last = columnOf(bar) + spanOf(bar) - 1;
  const heads = nightHeads();
  const most = Math.min(Number(bar.dataset.more), heads.length - 1 - last);
  const handle = bar.querySelector(".bar-end");
  let nights = 0;
  return {
    begin() {
      bar.classList.add("growing");
    },
    move(x) {
      nights = Math.max(0, Math.min(most, columnAt(x) - last));
      const right = heads[last + nights].getBoundingClientRect().right;
      bar.style.width = `${right - 4 - bar.getBoundingClientRect().left}px`;
      handle.dataset.nights = nights;
    },
    drop() {
      if (nights === 0) return this.cancel();
      return post("more", bar.dataset.id, { version: bar.dataset.version, nights });
    },
    cancel() {
      bar.classList.remove("growing");
      bar.style.width = "";
    },
  };
}

/* -- from the first press to the drop ------------------------------------------------------------------- */

function dragOf(target) {
  const end = target.closest(".bar-end");
  if (end && has("more")) return growing(end.closest(".bar"));
  const bar = target.closest(".bar[data-id]:not([data-state='closed'])");
  if (bar && has("move")) return moving(bar);
  const night = target.closest(FREE);
  return night && has("save") ? choosing(night) : null;
}

function onDown(event) {
  justDragged = false;
  if (event.button !== 0 || event.pointerType === "touch" || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const found = dragOf(event.target);
  if (!found) return;
  drag = { ...found, x: event.clientX, y: event.clientY, started: false };
  setBusy(true); // what was pressed must not be drawn anew under the hand
}

function onMove(event) {
  if (!drag) return;
  if (!drag.started) {
    if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FAR_ENOUGH) return;
    drag.started = true;
    document.body.classList.add("dragging");
    drag.begin();
  }
  drag.move(event.clientX, event.clientY, drag.x, drag.y);
}

function end(how) {
  const ended = drag;
  drag = null;
  if (!ended) return;
  setBusy(false);
  if (ended.started) {
    justDragged = true;
    document.body.classList.remove("dragging");
    ended[how]();
  }
  part().dispatchEvent(new Event("toggle")); // parts.js looks for what had to wait
}

function onEscape(event) {
  if (event.key === "Escape" && drag?.started) {
    event.preventDefault();
    end("cancel");
  }
}

export function keepDrags(root) {
  root.addEventListener("pointerdown", onDown);
  root.addEventListener("dragstart", (event) => event.preventDefault());
  document.addEventListener("pointermove", onMove);
  document.addEventListener("pointerup", () => end("drop"));
  document.addEventListener("pointercancel", () => end("cancel"));
  document.addEventListener("keydown", onEscape);
}
