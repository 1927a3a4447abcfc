/**
 * Drafts: what stands in a form[data-draft] is kept on the server, sealed, so that it survives a lock or a lost
 * page. It comes back when its person opens the page again, and is over when the form was taken.
 */

const NOT_KEPT = new Set(["hidden", "password", "file", "submit", "button", "reset"]);
const changed = new Set();
const onTheWay = new Set();

const token = () => document.querySelector("input[name=csrf_token]")?.value ?? "";

function fieldsOf(form) {
  const fields = {};
  for (const element of form.elements) {
    if (!element.name || NOT_KEPT.has(element.type) || element.tagName === "FIELDSET") continue;
    fields[element.name] ??= [];
    if (["radio", "checkbox"].includes(element.type) && !element.checked) continue;
    fields[element.name].push(element.value);
  }
  return fields;
}

function carry(form, id) {
  let input = form.querySelector("input[name=draft]");
  if (!input) {
    input = document.createElement("input");
    input.type = "hidden";
    input.name = "draft";
    form.append(input);
  }
  input.value = id;
}

function keep(form) {
  const sent = send(form).finally(() => onTheWay.delete(sent));
  onTheWay.add(sent);
  return sent;
}

async function send(form) {
  changed.delete(form);
  try {
    const answer = await fetch("/draft", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify({ path: location.pathname, form: form.dataset.draft, fields: fieldsOf(form) }),
      keepalive: true,
    });
    if (answer.ok) carry(form, (await answer.json()).id);
    else changed.add(form);
  } catch {
    changed.add(form); // the line is away; the next change or the lock tries again
  }
}

function put(form, fields) {
  for (const element of form.elements) {
    const values = fields[element.name];
    if (!values || NOT_KEPT.has(element.type)) continue;
    if (["radio", "checkbox"].includes(element.type)) element.checked = values.includes(element.value);
    else if (values.length) element.value = values[0];
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Says that words came back, with a way to begin without them. */
function say(form, id) {
  const words = document.querySelector("[data-draft-back]").dataset;
  const note = document.createElement("p");
  note.className = "help";
  note.setAttribute("role", "status");
  note.textContent = `${words.draftBack} `;
  const afresh = document.createElement("button");
  afresh.type = "button";
  afresh.className = "btn btn--link";
  afresh.textContent = words.draftAfresh;
  afresh.addEventListener("click", () => {
    fetch(`/draft/${id}/forget`, { method: "POST", headers: { "X-CSRFToken": token() } }).catch(() => {});
    form.reset();
    form.querySelector("input[name=draft]")?.remove();
    note.remove();
  });
  note.append(afresh);
  form.prepend(note);
}

async function bringBack(forms) {
  const answer = await fetch(`/draft?path=${encodeURIComponent(location.pathname)}`, { cache: "no-store" });
  if (!answer.ok) return;
  for (const draft of (await answer.json()).drafts) {
    const form = forms.find((each) => each.dataset.draft === draft.form);
    if (!form || changed.has(form)) continue;
    put(form, draft.fields);
    carry(form, draft.id);
    say(form, draft.id);
  }
}

const forms = [...document.querySelectorAll("form[data-draft]")];
if (forms.length) {
  bringBack(forms).catch(() => {});
  document.addEventListener("input", (event) => {
    if (event.target.form?.dataset.draft) changed.add(event.target.form);
  });
  document.addEventListener("respite:draft", (event) => keep(event.target));
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-lock]") || !(changed.size || onTheWay.size)) return;
  event.preventDefault();
  // Behind the lock nothing can be kept any more.
  await Promise.all([...onTheWay, ...[...changed].map(keep)]);
  form.submit();
});
