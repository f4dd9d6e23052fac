/* Single keys: j and k walk the rows, Enter opens, t takes, x selects, 1 to 9 answer, / searches, ? lists, g then a
   letter goes.
   Off while someone types, and off for good when the person switched them off (body[data-keys="off"]). */
const AFTER_G_MS = 1500;
let wentG = 0;

const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
const current = () => document.activeElement?.closest("[data-row]");
const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(current());
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
  next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function open(event) {
  const row = current();
  if (!row || event.target !== row) return false; // a focused link or button keeps its own Enter
  const link = row.querySelector("a[data-open]") ?? row.querySelector("a[href]");
  link?.click();
  return Boolean(link);
}

function go(key) {
  const place = [...document.querySelectorAll("[data-go]")].find((link) => link.dataset.go === key);
  place?.click();
  return Boolean(place);
}

/* The answers of the question that has the focus; else of the first one. Enter then sends the form by itself. */
function answer(key) {
  const group = document.activeElement?.closest("[data-choices]") ?? document.querySelector("[data-choices]");
  const option = group?.querySelectorAll("input[type=radio], input[type=checkbox]")[Number(key) - 1];
  option?.click();
  option?.focus();
  return Boolean(option);
}

function press(event) {
  if (Date.now() - wentG < AFTER_G_MS) {
    wentG = 0;
    return go(event.key);
  }
  if (/^[1-9]$/.test(event.key)) return answer(event.key);
  switch (event.key) {
    case "j": return move(1) ?? true;
    case "k": return move(-1) ?? true;
    case "t": return current()?.querySelector("[data-take]")?.click() ?? true;
    case "x": return current()?.querySelector("input[type=checkbox]")?.click() ?? true;
    case "Enter": return open(event);
    case "/": return document.querySelector("[data-search]")?.focus() ?? true;
    case "?": return document.getElementById("keys")?.showModal() ?? true;
    case "g": wentG = Date.now(); return true;
    default: return false;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target)) event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.body.dataset.keys === "off" || document.querySelector("dialog[open]") || typing(event.target)) return;
  if (press(event)) event.preventDefault();
});
