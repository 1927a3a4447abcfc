/** While a roster is being filled, the page looks again by itself. Without this there is a link that does the same. */

const REST_MS = 2000;
const place = document.querySelector("[data-drafts]");

if (place.querySelector("[data-goes-on]")) setTimeout(look, REST_MS);

async function look() {
  try {
    const answer = await fetch(location.href);
    if (answer.ok && !answer.redirected) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...page.querySelector("[data-drafts]").childNodes);
    }
  } catch {
    // No line just now: what stands here is some seconds old, and the next look comes.
  }
  if (place.querySelector("[data-goes-on]")) setTimeout(look, REST_MS);
}
