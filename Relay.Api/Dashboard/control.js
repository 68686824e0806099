// One target's breaker: how it came to its state, and holding it open or closed or resetting it, with the admin token.
import { $, text } from "./page.js";

const TIMEOUT_MS = 4000;
const MAX_SHOWN = 12;
let target = null;
// Kept in this page only, and forgotten with it.
let token = "";

const path = name => `/api/v1/breakers/${name.split("/").map(encodeURIComponent).join("/")}`;
const word = s => s.replaceAll("_", " ");

/** Opens the dialog of a target. */
export async function open(name) {
  target = name;
  text($("control-target"), name);
  $("control-token").value = token;
  $("control-note").value = "";
  say("");
  show({ breaker: null, transitions: [] });
  $("control").showModal();
  try {
    show(await ask(path(name)));
  } catch (error) {
    say(error.message, "bad");
  }
}

async function ask(url, options = {}) {
  const response = await fetch(url, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS), cache: "no-store" });
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Error(body?.error?.message ?? `Relay answered ${response.status}.`);
  return body;
}

function say(message, toneName = "") {
  text($("control-said"), message);
  $("control-said").dataset.tone = toneName;
}

function show({ breaker, transitions }) {
  const held = breaker && breaker.force !== "none" ? `, held ${breaker.force} by hand` : "";
  text($("control-state"), breaker ? `${word(breaker.state)}${held}` : "no gateway has reported lately");
  $("control-state").dataset.state = breaker?.state ?? "";
  for (const button of $("control").querySelectorAll("[data-force]")) {
    button.disabled = breaker?.force === button.dataset.force && breaker.force !== "none";
  }
  $("control-past").replaceChildren(...transitions.slice(0, MAX_SHOWN).map(change => {
    const item = document.createElement("li");
    const at = document.createElement("time");
    at.dateTime = change.at;
    at.textContent = new Date(change.at).toLocaleTimeString();
    item.append(at, ` ${word(change.from)} → ${word(change.to)}, ${word(change.reason)}`);
    return item;
  }));
  $("control-history").hidden = transitions.length === 0;
}

async function set(force) {
  token = $("control-token").value.trim();
  if (!token) {
    say("Type the admin token first: that of admin.token in the configuration, or the one that the demo shows at its start.", "bad");
    $("control-token").focus();
    return;
  }

  say("Asking…");
  try {
    const note = $("control-note").value.trim();
    show(await ask(path(target), {
      method: "POST",
      headers: { "Content-Type": "application/json", "Authorization": `Bearer ${token}` },
      body: JSON.stringify(note ? { force, note } : { force }),
    }));
    say(force === "none" ? "Reset: it is on its own again." : `Held ${force} until it is reset.`, "good");
  } catch (error) {
    say(error instanceof TypeError || error.name === "TimeoutError" ? "Relay's API is not answering." : error.message, "bad");
  }
}

$("control").addEventListener("click", event => {
  if (event.target === $("control") || event.target.closest("[data-close]")) $("control").close();
  const force = event.target.closest("[data-force]")?.dataset.force;
  if (force) set(force);
});
$("control-form").addEventListener("submit", event => event.preventDefault());
