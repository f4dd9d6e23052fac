/* A file field that also takes files dropped on it; without scripts it is still a file field. */
document.querySelectorAll("[data-drop]").forEach((zone) => {
  const input = zone.querySelector("input[type=file]");
  const chosen = zone.querySelector("[data-drop-chosen]");

  const mark = (over) => zone.classList.toggle("over", over);
  const list = () => {
    const size = [...input.files].reduce((sum, file) => sum + file.size, 0);
    const files = input.files.length === 1 ? "1 file" : `${input.files.length} files`;
    chosen.textContent = input.files.length ? `${files}, ${(size / 1024).toFixed(0)} KB` : "";
  };

  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(true);
  });
  zone.addEventListener("dragleave", () => mark(false));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", list);
});
