/**
 * By mouse or pen a name in a draft is dragged to another place of the same draft; whoever was there takes the place it
 * left. Escape leaves everything as it was. By touch nothing is dragged, because a finger scrolls: a tap opens the page
 * of the place, and so does the keyboard. It is sent as a form, so that rules which speak against it come as a page.
 */

const FAR_ENOUGH = 5; // pixels; less is a click

let drag = null; // what is being dragged: {name, x, y, ghost, over}
let justDragged = false;

document.addEventListener("pointerdown", (event) => {
  const name = event.target.closest?.("[data-place]");
  if (!name?.dataset.person || event.button !== 0 || event.pointerType === "touch") return;
  drag = { name, x: event.clientX, y: event.clientY, ghost: null, over: null };
});

document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.("[data-place]")) event.preventDefault(); // a link would be carried off by the browser
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  if (!drag.ghost && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FAR_ENOUGH) return;
  drag.ghost ??= ghostOf(drag.name);
  drag.ghost.style.transform = `translate(${event.clientX - drag.x}px, ${event.clientY - drag.y}px)`;
  const over = placeAt(event.clientX, event.clientY);
  if (over === drag.over) return;
  drag.over?.classList.remove("over");
  over?.classList.add("over");
  drag.over = over;
});

document.addEventListener("pointerup", () => {
  const dropped = drag;
  if (end() && dropped.over) send(dropped.name, dropped.over);
});

document.addEventListener("pointercancel", end);

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") end();
});

document.addEventListener("click", (event) => {
  if (!justDragged) return;
  justDragged = false;
  event.preventDefault();
}, true);

/** The place of the same draft under the pointer, other than the one that is left. */
function placeAt(x, y) {
  const place = document.elementFromPoint(x, y)?.closest("[data-place]");
  const same = place?.closest(".draft") === drag.name.closest(".draft");
  return place && same && place !== drag.name ? place : null;
}

function ghostOf(name) {
  const box = name.getBoundingClientRect();
  const ghost = name.cloneNode(true);
  ghost.removeAttribute("href");
  ghost.removeAttribute("data-place");
  ghost.setAttribute("aria-hidden", "true");
  ghost.className = "place-ghost";
  Object.assign(ghost.style, { left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px` });
  document.body.append(ghost);
  name.classList.add("moving");
  document.body.classList.add("dragging");
  return ghost;
}

/** Takes what is shown of a drag away; whether there was one. */
function end() {
  const wasDragged = Boolean(drag?.ghost);
  if (wasDragged) {
    drag.ghost.remove();
    drag.name.classList.remove("moving");
    drag.over?.classList.remove("over");
    document.body.classList.remove("dragging");
    justDragged = true;
    setTimeout(() => { justDragged = false; }); // the click of this drag, if one comes, comes before
  }
  drag = null;
  return wasDragged;
}

function send(name, over) {
  const form = name.closest(".draft").querySelector("[data-move]");
  form.action = over.href;
  form.elements.person.value = name.dataset.person;
  form.elements.from.value = name.dataset.place;
  form.submit();
}
