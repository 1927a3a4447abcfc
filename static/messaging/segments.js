/**
 * How many texts the words in a field will be, counted as networks count (respite/messaging/policy/segments.py):
 * `textarea[data-segments="id"]` is told in the element of that id, in its data-word-one, -many and -long.
 */

const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
  + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENSION = new Set("\f^{}\\[~]|€");
const PLAIN = new Map();
const put = (letters, plain) => { for (const letter of letters) PLAIN.set(letter, plain); };
put("‘’‚‛′‵ʼ´`‹›＇", "'");
put("“”„‟″‶«»〝〞＂", '"');
put("‐‑‒–—―−﹘﹣－", "-");
put("\u00a0\u2002\u2003\u2009\u202f", " ");
const MOST_TEXTS = 3; // as the wording gate has it

function plainly(text) {
  const plain = [...text.replaceAll("\r\n", "\n")].map((letter) => PLAIN.get(letter) ?? letter).join("").normalize("NFC");
  const dotted = plain.replaceAll("…", "...");
  return packed(dotted).texts <= packed(plain).texts ? dotted : plain;
}

/** `{ used, room, texts }`: the units used, the units that so many texts hold, and how many texts. */
function packed(text) {
  const letters = [...text];
  const simple = letters.every((letter) => BASIC.has(letter) || EXTENSION.has(letter));
  const costs = letters.map((letter) => (simple ? (EXTENSION.has(letter) ? 2 : 1) : letter.length));
  const used = costs.reduce((sum, cost) => sum + cost, 0);
  const [alone, each] = simple ? [160, 153] : [70, 67];
  if (used <= alone) return { used, room: alone, texts: used ? 1 : 0 };
  let texts = 0;
  let room = 0;
  for (const cost of costs) {
    if (cost > room) {
      texts += 1;
      room = each;
    }
    room -= cost;
  }
  return { used, room: texts * each, texts };
}

export function count(text) {
  return packed(plainly(text.trim()));
}

function tell(field) {
  const line = document.getElementById(field.dataset.segments);
  const { used, room, texts } = count(field.value);
  const { wordOne, wordMany, wordLong } = line.dataset;
  const words = texts > MOST_TEXTS ? wordLong : texts > 1 ? wordMany : wordOne;
  line.textContent = words.replace("{used}", used).replace("{room}", room).replace("{texts}", texts);
}

/** Tells of every such field under `root`, now and whenever something is typed. */
export function keepCounts(root) {
  for (const field of root.querySelectorAll("textarea[data-segments]")) {
    tell(field);
    field.addEventListener("input", () => tell(field));
    field.form?.addEventListener("change", () => tell(field)); // a draft that came back
  }
}
