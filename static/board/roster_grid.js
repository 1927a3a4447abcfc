/** The roster's table as a grid: which column a piece begins in, who its neighbours are, and the way by arrow keys. */

export const FREE = "td > a[aria-labelledby]";
const PIECE = `a.bar, .bar[role="button"], ${FREE}`;

/** The part of the page that live.js draws anew; always asked for again, because it may just have been. */
export function part() {
  return document.getElementById("roster");
}

/** While somebody is in the middle of something, the part waits to be drawn anew (parts.js). */
export function setBusy(busy) {
  if (busy) part().dataset.busy = "";
  else delete part().dataset.busy;
}

export function doors() {
  return [...part().querySelectorAll("tr[data-bed]")];
}

export function doorName(row) {
  return row.querySelector(".door").textContent;
}

export function nightHeads() {
  return [...part().querySelectorAll("thead th")];
}

export function columnOf(piece) {
  let column = 0;
  for (let cell = piece.closest("td").previousElementSibling; cell?.matches("td"); cell = cell.previousElementSibling) {
    column += cell.colSpan;
  }
  return column;
}

export function spanOf(piece) {
  return piece.closest("td").colSpan;
}

/** The free nights of the piece's row from `from` to `to` (columns), as far as nothing lies between. */
export function freeRun(piece, to) {
  const byColumn = new Map([...piece.closest("tr").querySelectorAll(FREE)].map((night) => [columnOf(night), night]));
  const from = columnOf(piece);
  const step = Math.sign(to - from) || 1;
  const run = [];
  for (let column = from; byColumn.has(column); column += step) {
    run.push(byColumn.get(column));
    if (column === to) break;
  }
  return step < 0 ? run.reverse() : run;
}

/** Shows the free nights that are chosen, and how many they are; none where `nights` is empty. */
export function choose(nights) {
  for (const night of chosen()) {
    night.classList.remove("chosen");
    delete night.dataset.nights;
  }
  for (const night of nights) night.classList.add("chosen");
  if (nights.length > 1) nights.at(-1).dataset.nights = nights.length;
}

export function chosen() {
  return [...part().querySelectorAll("a.chosen")];
}

/* -- by keyboard ---------------------------------------------------------------------------------------- */

let wantedColumn = null; // going up and down keeps to the column one came from

function piecesOf(row) {
  return [...row.querySelectorAll(PIECE)];
}

function across(piece, step) {
  const pieces = piecesOf(piece.closest("tr"));
  return pieces[pieces.indexOf(piece) + step];
}

function updown(piece, step) {
  const rows = [...part().querySelectorAll("tbody tr")].filter((row) => piecesOf(row).length > 0);
  const row = rows[rows.indexOf(piece.closest("tr")) + step];
  if (!row) return undefined;
  const column = wantedColumn ?? columnOf(piece);
  const distance = (other) => Math.max(columnOf(other) - column, column - (columnOf(other) + spanOf(other) - 1), 0);
  const nearest = piecesOf(row).reduce((best, other) => (distance(other) < distance(best) ? other : best));
  wantedColumn = column;
  return nearest;
}

export function neighbour(piece, key) {
  const row = piece.closest("tr");
  if (!key.startsWith("Arrow") || key === "ArrowLeft" || key === "ArrowRight") wantedColumn = null;
  switch (key) {
    case "ArrowLeft": return across(piece, -1);
    case "ArrowRight": return across(piece, 1);
    case "ArrowUp": return updown(piece, -1);
    case "ArrowDown": return updown(piece, 1);
    case "Home": return piecesOf(row)[0];
    case "End": return piecesOf(row).at(-1);
    default: return undefined;
  }
}

/** Of hundreds of free nights one is in the way of Tab; the arrows reach the others. Bars all stay in it. */
export function keepOneNight(kept) {
  for (const night of part().querySelectorAll(FREE)) night.tabIndex = -1;
  const one = kept ?? part().querySelector(FREE);
  if (one) one.tabIndex = 0;
}

/** What tells the same piece in a table drawn anew. */
export function markOf(piece) {
  return piece.dataset.id ?? `${piece.closest("tr").dataset.bed} ${columnOf(piece)}`;
}

export function pieceBy(mark) {
  return [...part().querySelectorAll(PIECE)].find((piece) => markOf(piece) === mark);
}
