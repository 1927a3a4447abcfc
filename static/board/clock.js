/** The house's clock. It may stand ahead of this machine's, so it is told by the server and only carried on here. */

let ahead = 0;

/** Sets the clock by what the server said just now (an ISO instant). */
export function setClock(iso) {
  const said = Date.parse(iso);
  if (!Number.isNaN(said)) ahead = said - Date.now();
}

/** Now in the house, in milliseconds. */
export function houseNow() {
  return Date.now() + ahead;
}

/** The time of day as the house's clock shows it, in the page's language: "2:32 pm", "14:32". */
export function timeOfDay(at, zone) {
  const lang = document.documentElement.lang;
  const english = lang.startsWith("en");
  const options = { timeZone: zone, hour: "numeric", minute: "2-digit", hour12: english };
  return new Intl.DateTimeFormat(lang, options).format(at).replace(/\s?([AP])\.?M\.?/i, (_all, half) => ` ${half.toLowerCase()}m`);
}

/** The weekday in the house, in the page's language, with a capital. */
export function dayName(at, zone) {
  const name = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: zone, weekday: "long" }).format(at);
  return name.charAt(0).toUpperCase() + name.slice(1);
}
