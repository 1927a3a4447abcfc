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
  for (const form of root.querySelectorAll("form[data-themes]")) {
    form.addEventListener("submit", (event) => {
      const chosen = event.submitter;
      if (!chosen?.value) return;
      event.preventDefault();
      event.stopPropagation();
      wear(chosen.value);
      remember(chosen.value);
      for (const button of form.querySelectorAll("button")) {
        button.setAttribute("aria-pressed", String(button === chosen));
      }
    });
  }
}
