/** Whoever signs out leaves no copy of the overnight page behind. Where entries wait, that page asks first. */
const form = document.querySelector("form[action$='/sign-out']");

async function leave() {
  if ("caches" in window) await caches.delete("respite-night").catch(() => {});
  form.submit();
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  const waits = localStorage.getItem("respite-night-waits");
  const there = `/houses/${waits}/night`;
  if (!waits) leave();
  else if (location.pathname === there) document.dispatchEvent(new CustomEvent("respite:leaving", { detail: leave }));
  else location.assign(`${there}#leaving`);
});
