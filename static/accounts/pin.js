/** Six digits: a keypad to tap, and the form is sent by itself with the sixth. Without this the field takes them. */

const DIGITS = 6;

function keep(form) {
  const input = form.querySelector("input[name=pin]");
  const keypad = form.querySelector("[data-keypad]");
  const sendWhenFull = () => {
    if (input.value.length === DIGITS && !form.dataset.sent && !("pinKeep" in form.dataset)) form.requestSubmit();
  };
  input.addEventListener("input", sendWhenFull);
  if (!keypad) return;
  keypad.hidden = false;
  if (matchMedia("(pointer: coarse)").matches) input.inputMode = "none"; // two keyboards would cover each other
  keypad.addEventListener("click", (event) => {
    const digit = event.target.closest("[data-digit]")?.dataset.digit;
    if (!digit) return;
    input.value = digit === "back" ? input.value.slice(0, -1) : (input.value + digit).slice(0, DIGITS);
    sendWhenFull();
  });
}

document.querySelectorAll("form[data-pin]").forEach(keep);
