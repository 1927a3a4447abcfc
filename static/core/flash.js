/** What was just done, with its Undo. It stays until it is closed or the page is left: nobody is hurried. */

function makeClosable(flash) {
  const close = flash.querySelector("[data-flash-close]");
  if (close) close.hidden = false;
}

/** Shows a flash the server drew (the markup of ui.flashes), for an act done without leaving the page. */
export function showFlash(html) {
  const region = document.querySelector("[data-flashes]");
  if (!region) return;
  region.innerHTML = html;
  region.querySelectorAll("[data-flash]").forEach(makeClosable);
}

export function keepFlashes(root) {
  root.querySelectorAll("[data-flash]").forEach(makeClosable);
  root.addEventListener("click", (event) => {
    const close = event.target.closest("[data-flash-close]");
    if (!close) return;
    close.closest("[data-flash]").remove();
    document.getElementById("main")?.focus();
  });
}
