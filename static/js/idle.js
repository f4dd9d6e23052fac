/* Signed out when nobody is there. The clock starts at the last answer of the server, because that is what the session
   counts, save to what a page asks by itself; every tab hears of it. Who typed or clicked lately is renewed, else asked. */
const dialog = document.querySelector("[data-idle-minutes]");

if (dialog) {
  const MINUTE = 60_000;
  const limit = Number(dialog.dataset.idleMinutes) * MINUTE;
  const warning = Math.min(Number(dialog.dataset.idleWarningMinutes) * MINUTE, limit / 2);
  const stay = dialog.querySelector("[data-idle-stay]");
  const counter = dialog.querySelector("[data-idle-count]");
  const tabs = new BroadcastChannel("desk-idle");
  let heard = Date.now();
  let touched = 0;
  let timer = 0;

  const left = () => heard + limit - Date.now();
  const fresh = () => {
    heard = Date.now();
    if (dialog.open) dialog.close();
    look();
  };
  const answered = () => {
    tabs.postMessage("here");
    fresh();
  };
  const leave = () => document.getElementById(dialog.dataset.idleForm).submit();

  async function renew() {
    const answer = await fetch(stay.action, { method: "POST", body: new FormData(stay), redirect: "manual" });
    if (answer.status === 204) answered();
    else leave();
  }

  function say() {
    const seconds = Math.max(Math.ceil(left() / 1000), 0);
    counter.textContent = seconds > 60 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`;
  }

  function look() {
    clearTimeout(timer);
    if (left() <= 0) return leave();
    if (left() > warning) timer = setTimeout(look, left() - warning);
    else if (touched > heard && !dialog.open) renew().catch(ask);
    else ask();
  }

  function ask() {
    say();
    if (!dialog.open) dialog.showModal();
    timer = setTimeout(look, Math.min(left(), left() > MINUTE ? MINUTE / 2 : 1000));
  }

  stay.addEventListener("submit", (event) => {
    if (event.submitter?.form !== stay) return;
    event.preventDefault();
    renew().catch(leave);
  });
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  tabs.addEventListener("message", fresh);
  ["keydown", "pointerdown", "input"].forEach((kind) => document.addEventListener(kind, () => (touched = Date.now()), { passive: true }));
  document.addEventListener("htmx:afterRequest", (event) => event.detail.requestConfig.triggeringEvent && answered());
  document.addEventListener("visibilitychange", look);
  answered();
}
