/* Dialogs and small helps: data-dialog="id" opens (its href stays for pages without scripts), data-close closes,
   data-copy copies, an error summary takes the focus, data-check-all ticks every row. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) {
    event.preventDefault();
    document.querySelectorAll("[popover]:popover-open").forEach((menu) => menu.hidePopover());
    dialog.showModal();
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  if (event.target.matches("dialog") && outside(event)) event.target.close();
  const copier = event.target.closest("[data-copy]");
  if (copier) copy(copier);
});

document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-check-all]");
  if (all) {
    const boxes = all.closest("form, table").querySelectorAll("[data-row] input[type=checkbox]");
    boxes.forEach((box) => (box.checked = all.checked));
  }
  count(event.target.closest("form"));
});

function outside(event) {
  const box = event.target.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  const live = document.getElementById("live");
  if (live) live.textContent = "Copied";
  button.classList.add("done");
}

function count(form) {
  const place = form?.querySelector("[data-selected-count]");
  if (place) place.textContent = form.querySelectorAll("[data-row] input:checked").length;
}

function ready(root) {
  root.querySelectorAll("[data-copy]").forEach((button) => (button.hidden = !navigator.clipboard));
  root.querySelector("[data-error-summary]")?.focus();
}

ready(document);
document.addEventListener("htmx:load", (event) => {
  ready(event.detail.elt);
  // What opened beside a list may cover the row it was opened from.
  document.activeElement?.closest("[data-row]")?.scrollIntoView({ block: "nearest" });
});
