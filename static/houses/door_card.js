/**
 * The door card stands on the page already; without scripts its link jumps to it. Here it opens as a window of its own:
 * Escape closes it, the page behind rests, and one is back where one was. Nothing is fetched.
 */
const card = document.getElementById("door-card");

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-door-card]")) {
    event.preventDefault();
    if (!card.open) card.showModal();
    card.scrollTop = 0;
  } else if (card.open && event.target.closest("[data-door-close]")) {
    event.preventDefault();
    card.close();
  }
});
