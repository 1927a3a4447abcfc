/** Small menus (<details data-menu>): one open at a time; Escape, or a tap elsewhere, closes it. */

const OPEN = "details[data-menu][open]";

function closeAllBut(kept) {
  for (const menu of document.querySelectorAll(OPEN)) {
    if (menu !== kept) menu.open = false;
  }
}

export function keepMenus(root) {
  root.addEventListener("click", (event) => closeAllBut(event.target.closest("details[data-menu]")));
  root.addEventListener("focusin", (event) => closeAllBut(event.target.closest("details[data-menu]")));
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest(OPEN) ?? document.querySelector(OPEN);
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
