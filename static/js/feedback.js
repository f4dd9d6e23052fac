/* What htmx would swallow: a failed request is said aloud, and a lapsed session shows its door, not a door in a table. */
const ENTRANCE = "meta[name=desk-entrance]";

function tell(text) {
  const place = document.getElementById("messages");
  if (!place) return;
  const message = document.createElement("div");
  message.className = "message bad";
  message.setAttribute("role", "alert");
  message.append(Object.assign(document.createElement("div"), { textContent: text }));
  place.replaceChildren(message);
  message.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const page = event.detail.serverResponse ?? "";
  if (page.includes("desk-entrance") && !document.querySelector(ENTRANCE)) {
    event.preventDefault();
    location.reload();
  }
});
document.addEventListener("htmx:sendError", () => tell("The desk could not be reached. Check the connection and try again; nothing was saved."));
document.addEventListener("htmx:timeout", () => tell("The desk took too long to answer. Reload the page to see whether it was saved."));
document.addEventListener("htmx:responseError", (event) => {
  const reasons = {
    403: "You may not do this. Ask your supervisor if you should.",
    404: "This is no longer here. Reload the page.",
    409: "Someone changed this a moment ago. Reload the page to see it.",
    429: "Too many tries in a short time. Wait a minute and try again.",
  };
  tell(reasons[event.detail.xhr.status] ?? "That did not go through and nothing was saved. Try again; if it fails again, tell your supervisor the time.");
});
/* A form on its way is not sent again by an impatient second press. After a moment it may be: a download leaves its page. */
const sent = new WeakMap();
document.addEventListener("submit", (event) => {
  if (Date.now() - (sent.get(event.target) ?? 0) < 4000) event.preventDefault();
  else if (!event.defaultPrevented && event.target.method === "post") sent.set(event.target, Date.now());
});
