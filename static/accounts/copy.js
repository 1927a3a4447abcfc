/** A button that copies what stands beside it. Without this, people mark the text themselves. */

for (const place of document.querySelectorAll("[data-copy]")) {
  const field = place.querySelector("input, textarea");
  const button = place.querySelector("button");
  field.addEventListener("focus", () => field.select());
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.done;
  });
}
