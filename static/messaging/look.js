/**
 * While somebody types a text, the server says how it would look, what it costs and what stands in its way: one
 * truth, asked after a short rest. Without this there is a button that asks the same.
 */

const REST_MS = 350;

for (const form of document.querySelectorAll("form[data-look]")) lookAlong(form);

function lookAlong(form) {
  const place = form.querySelector("[data-look-here]");
  for (const each of form.querySelectorAll("[data-plain]")) each.remove();
  place.setAttribute("aria-live", "polite");
  let rest;
  let asked = 0;
  form.addEventListener("input", () => {
    clearTimeout(rest);
    rest = setTimeout(look, REST_MS);
  });

  async function look() {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.look, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (!answer.ok || answer.redirected || mine !== asked) return;
      const html = await answer.text();
      if (mine === asked) place.innerHTML = html;
    } catch {
      // No line just now: what is said stands until the next letter, and saving looks anyway.
    }
  }
}
