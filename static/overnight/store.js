/**
 * What waits on this device, in the order in which it was entered. `entries` hold when and what kind, and their words
 * sealed for the server; `facts` how far the house's clock goes ahead of the device's, and when somebody was here last.
 */
const NAME = "respite-night";
/** For pages that must know at once whether anything waits: the house it is of. Nothing else. */
const FLAG = "respite-night-waits";

let opened;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("entries", { keyPath: "order", autoIncrement: true });
      asked.result.createObjectStore("facts");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

/** Done when it is on the disk, not when it was asked for. */
async function within(store, mode, act) {
  const base = await database();
  return new Promise((resolve, reject) => {
    const work = base.transaction(store, mode, { durability: "strict" });
    const asked = act(work.objectStore(store));
    work.oncomplete = () => resolve(asked.result);
    work.onerror = work.onabort = () => reject(work.error);
  });
}

export async function entriesOf(house) {
  const all = await within("entries", "readonly", (store) => store.getAll());
  const mine = all.filter((entry) => entry.house === house);
  const waits = mine[0] ?? all[0];
  if (waits) localStorage.setItem(FLAG, waits.house);
  else localStorage.removeItem(FLAG);
  return mine;
}

/** Keep an entry; one without `order` gets the next. */
export const keep = (entry) => within("entries", "readwrite", (store) => store.put(entry));
/** Change an entry, where nobody took it away meanwhile. */
export const change = (order, more) =>
  within("entries", "readwrite", (store) => {
    const asked = store.openCursor(order);
    asked.onsuccess = () => asked.result?.update({ ...asked.result.value, ...more });
    return asked;
  });
export const wipe = (order) => within("entries", "readwrite", (store) => store.delete(order));
export const fact = (name) => within("facts", "readonly", (store) => store.get(name));
export const keepFact = (name, value) => within("facts", "readwrite", (store) => store.put(value, name));
