/**
 * Keeps the demo's phones true without loading the page anew: every other second it asks for what looks different.
 * A phone that had no text yet, or a number that is new here, changes the page's order, so that loads it again.
 */
import { isSending, pageIsBusy, partNames, putParts } from "../board/parts.js";

const LOOK_EVERY_MS = 2000;

const root = document.querySelector("[data-phones]");
let looking = false;

async function look() {
  if (looking || isSending() || document.visibilityState === "hidden") return;
  looking = true;
  try {
    const address = new URL(root.dataset.phones, location.href);
    address.searchParams.set("mark", root.dataset.mark);
    const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(8000) });
    if (isSending()) return;
    if (answer.redirected || [401, 403, 404, 423].includes(answer.status)) location.reload();
    else if (answer.status === 200) {
      const picture = await answer.json();
      if (!isSending()) show(picture);
    }
  } catch {
    // The line is away; the next look tries again.
  } finally {
    looking = false;
  }
}

function show(picture) {
  const here = partNames();
  if (picture.names.length !== here.size || picture.names.some((name) => !here.has(name))) {
    if (!pageIsBusy()) location.reload();
    return;
  }
  putParts(picture.parts);
  root.dataset.mark = picture.mark;
}

setInterval(look, LOOK_EVERY_MS);
document.addEventListener("visibilitychange", look);
