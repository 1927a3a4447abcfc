/** Light, night, or as the device has it. The choice is a cookie, so the server draws the next page right at once. */

const YEAR_IN_SECONDS = 31_536_000;

function wear(theme) {
  const root = document.documentElement;
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
}

function remember(theme) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${theme}; path=/; max-age=${YEAR_IN_SECONDS}; samesite=lax${secure}`;
}

export function keepThemes(root) {
  for (const group of root.querySelectorAll("[data-themes]")) {
    group.hidden = false;
    group.addEventListener("click", (event) => {
      const chosen = event.target.closest("[data-theme-choice]");
      if (!chosen) return;
      wear(chosen.dataset.themeChoice);
      remember(chosen.dataset.themeChoice);
      for (const button of group.querySelectorAll("[data-theme-choice]")) {
        button.setAttribute("aria-pressed", String(button === chosen));
      }
    });
  }
}
