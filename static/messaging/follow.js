/**
 * A part of the page that changes by itself for a while is fetched again until nothing in it is under way
 * ([data-going]). Without this there is a link that opens the page again.
 */

const EVERY_MS = 2000;
const LONGEST_MS = 300000;

for (const place of document.querySelectorAll("[data-follow]")) follow(place);

function follow(place) {
  const until = Date.now() + LONGEST_MS;
  dropPlain(place);
  const again = () => {
    if (!place.querySelector("[data-going]") || Date.now() > until) return;
    setTimeout(async () => {
      if (!document.hidden) await renew(place);
      again();
    }, EVERY_MS);
  };
  again();
}

async function renew(place) {
  try {
    const answer = await fetch(place.dataset.follow);
    if (!answer.ok || answer.redirected) return;
    const fresh = document.createElement("div");
    fresh.innerHTML = await answer.text();
    dropPlain(fresh);
    if (fresh.innerHTML !== place.innerHTML) place.replaceChildren(...fresh.childNodes);
  } catch {
    // No line just now; it is asked again.
  }
}

/** What only pages without scripts need. */
function dropPlain(place) {
  for (const each of place.querySelectorAll("[data-plain]")) each.remove();
}
