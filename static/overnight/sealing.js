/** Sealing words so that only the server can read them: ECDH on P-256, HKDF, AES-GCM (respite/core/letterbox.py). */
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const INFO = new TextEncoder().encode("respite letterbox");

const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const textOf = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** `point` is the letterbox's public key in base64; the words open only beside `boundTo`. */
export async function seal(point, words, boundTo) {
  const box = await crypto.subtle.importKey("raw", bytesOf(point), CURVE, false, []);
  const own = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const sender = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: box }, own.privateKey, 256);
  const root = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: sender, info: INFO },
    root,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt"],
  );
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const bound = new TextEncoder().encode(boundTo);
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: nonce, additionalData: bound },
    key,
    new TextEncoder().encode(words),
  );
  return textOf(new Uint8Array([...sender, ...nonce, ...new Uint8Array(sealed)]));
}
