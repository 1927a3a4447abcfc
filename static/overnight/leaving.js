/** Whoever signs out leaves no copy of the overnight page behind. Where entries wait, that page asks first. */
const form = document.querySelector("form[action$='/sign-out']");

const house = () => localStorage.getItem("respite-night-waits");

async function leave() {
  if ("caches" in window) await caches.delete("respite-night").catch(() => {});
  // The answer to a sign-out empties this device; what waits, sealed, is the one thing that must stay.
  if (house()) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "waits", value: "yes" }));
  form.submit();
}

/** Not where the screen is locked, or for whoever does not work in that house: what waits stays, sealed, all the same. */
const opens = (page) => fetch(`${page}/state`, { cache: "no-store", redirect: "manual" }).then((answer) => answer.ok, () => true);

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const there = `/houses/${house()}/night`;
  const onIt = location.pathname === there;
  if (house() && onIt && document.querySelector("[data-night][data-ready]")) {
    document.dispatchEvent(new CustomEvent("respite:leaving", { detail: leave }));
  } else if (house() && !onIt && (await opens(there))) {
    location.assign(`${there}#leaving`);
  } else {
    leave();
  }
});
