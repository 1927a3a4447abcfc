/** The menu of a bar or of a free night. There is one, filled for whatever it is opened on. */
import { doorName, doors, setBusy } from "./roster_grid.js";

const menu = document.getElementById("roster-menu");
const items = new Map([...menu.querySelectorAll("[data-item]")].map((item) => [item.dataset.item, item]));
const links = new Map([...menu.querySelectorAll("a")].map((link) => [link, link.getAttribute("href")]));
const moves = items.get("move");

let opener = null;

export const words = menu.dataset;

export function has(name) {
  return items.has(name);
}

export function isOpen() {
  return menu.matches(":popover-open");
}

/** The address of `name` for the row `id`: a stay, a closure or a bed. */
function addressOf(name, id) {
  const item = items.get(name);
  return (item.dataset.toAddress ?? links.get(item)).replace(words.some, id);
}

/** A page of ours, with the way back to this one. */
export function withBack(address) {
  const url = new URL(address, location.href);
  url.searchParams.set("back", location.pathname + location.search);
  return url.href;
}

/* -- acts ----------------------------------------------------------------------------------------------- */

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Sends the act as the form of any page would, so that it is answered with this page and its Undo. */
export function post(name, id, fields) {
  const form = menu.querySelector("form").cloneNode(false);
  const own = [...menu.querySelectorAll("form > input[type=hidden]")].map((input) => [input.name, input.value]);
  form.action = addressOf(name, id);
  form.hidden = true;
  for (const [field, value] of Object.entries({ ...Object.fromEntries(own), key: newKey(), ...fields })) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: field, value });
    form.append(input);
  }
  setBusy(true);
  document.body.append(form);
  form.submit();
}

/* -- what stands in it ---------------------------------------------------------------------------------- */

function offer(name, id) {
  const item = items.get(name);
  if (!item) return;
  item.hidden = false;
  item.dataset.id = id;
  if (links.has(item)) item.href = withBack(addressOf(name, id));
}

function offerMoves(bar) {
  if (!moves || bar.dataset.to === undefined) return;
  offer("move", bar.dataset.id);
  const all = doors();
  for (const place of bar.dataset.to.split(" ")) {
    const button = document.createElement("button");
    const door = document.createElement("span");
    button.type = "button";
    button.value = all[Number(place)].dataset.bed;
    door.textContent = doorName(all[Number(place)]);
    button.append(freeMark(), door);
    moves.append(button);
  }
}

function freeMark() {
  return document.getElementById("roster-free-mark").content.cloneNode(true);
}

function fill(about) {
  menu.querySelector("[data-about]").textContent = about;
  for (const item of items.values()) item.hidden = true;
  moves?.querySelectorAll("button").forEach((button) => button.remove());
}

export function openForBar(bar) {
  const { id, version } = bar.dataset;
  fill(bar.querySelector(".hide").textContent);
  menu.dataset.version = version;
  if (bar.dataset.state === "closed") {
    offer("open", id);
  } else {
    offer("card", id);
    if (bar.dataset.more !== undefined) offer("more", id);
    if (bar.dataset.clock !== undefined) offer("longer", id);
    if (bar.dataset.state === "saved") offer("free", id);
    offerMoves(bar);
  }
  open(bar);
}

/** `nights` are the free nights chosen, of which `night` has the focus. */
export function openForNights(night, nights, about) {
  const bed = night.closest("tr").dataset.bed;
  fill(about);
  offer("save", bed);
  if (items.has("save")) items.get("save").href = saveAddress(nights);
  offer("close", bed);
  if (items.has("close")) {
    const url = new URL(items.get("close").href);
    url.searchParams.set("from", new URL(nights[0].href).searchParams.get("first_night"));
    items.get("close").href = url.href;
  }
  open(night);
}

export function saveAddress(nights) {
  const url = new URL(withBack(nights[0].href));
  url.searchParams.set("nights", String(nights.length));
  return url.href;
}

/* -- opening and closing -------------------------------------------------------------------------------- */

function open(from) {
  opener = from;
  setBusy(true);
  menu.hidden = false;
  menu.showPopover();
  opener.setAttribute("aria-expanded", "true");
  putBeside(from.getBoundingClientRect());
  visible()[0]?.focus();
}

function putBeside(box) {
  const { width, height } = menu.getBoundingClientRect();
  const below = box.bottom + 6;
  const top = below + height > innerHeight - 8 ? Math.max(8, box.top - height - 6) : below;
  menu.style.left = `${Math.max(8, Math.min(Math.max(box.left, 8), innerWidth - width - 8))}px`;
  menu.style.top = `${top}px`;
}

function visible() {
  return [...menu.querySelectorAll("a, button")].filter((item) => item.checkVisibility());
}

function onKey(event) {
  const all = visible();
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  all[to % all.length].focus();
}

function onClick(event) {
  const button = event.target.closest("button");
  if (!button) return;
  const item = button.closest("[data-item]");
  const fields = { version: menu.dataset.version };
  if (item === moves) fields.bed_id = button.value;
  if (item.dataset.item === "more") fields.nights = "1";
  post(item.dataset.item, item.dataset.id, fields);
}

function onToggle(event) {
  if (event.newState !== "closed") return;
  setBusy(false);
  opener?.setAttribute("aria-expanded", "false");
}

menu.addEventListener("keydown", onKey);
menu.addEventListener("click", onClick);
menu.addEventListener("toggle", onToggle);
