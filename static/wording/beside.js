/**
 * While somebody writes a note: what one may also say, as a quiet line below the field. It never stops or changes
 * anything, and leaves quotations alone. The patterns come with the page; respite/wording/policy.py reads the same ones.
 */

const PAUSE_MS = 500;
const QUOTED =
  /“[^”]*(?:”|$)|„[^“”]*(?:[“”]|$)|«[^»]*(?:»|$)|‹[^›]*(?:›|$)|"[^"]*(?:"|$)|(?<![\p{L}\p{N}_])'(?:[^'\n]|'(?=[\p{L}\p{N}_]))*'(?![\p{L}\p{N}_])/gu;

const bordered = (pattern) => new RegExp(`(?<![\\p{L}\\p{N}_])(?:${pattern})(?![\\p{L}\\p{N}_])`, "gu");
const blank = (part) => " ".repeat(part.length);
/** The text without accents and capitals, and for each letter of it where it stands in the text. */
function plain(text) {
  let letters = "";
  const places = [];
  let place = 0;
  for (const letter of text) {
    const part = letter.normalize("NFD").replace(/\p{M}/gu, "").replace(/[‘’]/g, "'").toLowerCase();
    letters += part;
    for (let i = 0; i < part.length; i += 1) places.push(place);
    place += letter.length;
  }
  return { letters, places: [...places, place] };
}

function reader(list) {
  const apart = list.apart ? bordered(list.apart) : null;
  const hints = list.hints.map(([pattern, say]) => ({ looked: bordered(pattern), say }));
  return (text) => {
    const written = text.normalize("NFC");
    const { letters, places } = plain(written);
    let read = letters.replace(QUOTED, blank);
    if (apart) read = read.replace(apart, blank);
    const hits = hints.flatMap(({ looked, say }) =>
      [...read.matchAll(looked)].map((hit) => ({ start: hit.index, end: hit.index + hit[0].length, say })),
    );
    hits.sort((one, other) => one.start - other.start || other.end - one.end);
    const told = new Map();
    let over = 0;
    for (const { start, end, say } of hits) {
      if (start < over) continue;
      over = end;
      const word = written.slice(places[start], places[end]).toLowerCase();
      if (!told.has(word)) told.set(word, say);
    }
    return told;
  };
}

/** Tells the server that the line was here to be read, so that it need not be said again. */
function wasThere(form) {
  if (form.elements.hinted) return;
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name: "hinted", value: "yes" });
  form.append(input);
}

function keep(line, read, list) {
  const field = document.getElementById(line.dataset.wordingFor);
  if (!field) return;
  const say = () => {
    const told = [...read(field.value)].map(([word, said]) =>
      list.one.replace("{say}", () => said).replace("{word}", () => word),
    );
    const words = told.length ? list.all.replace("{all}", () => told.join("; ")) : "";
    if (line.textContent !== words) line.textContent = words;
    line.hidden = !words;
    if (words) wasThere(field.form);
  };
  let pause;
  const soon = () => {
    clearTimeout(pause);
    pause = setTimeout(say, PAUSE_MS);
  };
  field.addEventListener("input", soon);
  field.form.addEventListener("change", soon);
  if (field.value) say();
}

const list = JSON.parse(document.getElementById("wording-list").textContent);
const read = reader(list);
for (const line of document.querySelectorAll("[data-wording-for]")) keep(line, read, list);
