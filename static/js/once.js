/* A form on its way is not sent again by an impatient second press. After a moment it may be: a download leaves the page
   where it is, and a page come back to is free at once. */
const AGAIN_MS = 4000;
let sent = new WeakMap();

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (Date.now() - (sent.get(event.target) ?? 0) < AGAIN_MS) event.preventDefault();
  else sent.set(event.target, Date.now());
});
window.addEventListener("pageshow", () => (sent = new WeakMap()));
