// The live page: listens to /api/v1/watch, whose frames all pages share, and draws what comes. Nothing is asked for while it is hidden.
import { $, text } from "./page.js";
import { setTrails, show, tick } from "./figures.js";
import * as stories from "./stories.js";
import * as control from "./control.js";

const TIMEOUT_MS = 4000;
const AGAIN_MS = 2000;
const MAX_FRAMES_PER_SECOND = 4;
// How often the small pictures are asked for: they change with each slice of the window.
const TRAILS_MS = { "1m": 5_000, "5m": 5_000, "1h": 30_000, "24h": 60_000 };

let window_ = "5m";
let info = null;
let stream = null;
let sequence = 0;
let lastGood = null;
let again = 0;
let trailTimer = 0;
let drawn = 0;

async function ask(path) {
  const response = await fetch(path, { signal: AbortSignal.timeout(TIMEOUT_MS), cache: "no-store" });
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Error(body?.error?.message ?? `It answered ${response.status}.`);
  return body;
}

function connected(ok, message) {
  text($("live"), ok ? "Live" : "Not connected");
  $("live").dataset.state = ok ? "live" : "away";
  $("away").hidden = ok;
  $("figures").classList.toggle("stale", !ok);
  if (!ok) {
    const since = lastGood ? ` The figures below are from ${lastGood.toLocaleTimeString()}.` : "";
    text($("away"), `Relay's API is not answering.${message ? ` ${message}` : ""}${since} Trying again every ${AGAIN_MS / 1000} seconds.`);
  }
}

function take(frame) {
  const isFirst = sequence === 0 || frame.sequence <= sequence;
  const hasGap = !isFirst && frame.sequence > sequence + 1;
  sequence = frame.sequence;
  lastGood = new Date();
  if (isFirst) stories.clear();
  stories.add(frame.failovers);
  if (isFirst || hasGap) catchUp();
  cancelAnimationFrame(drawn);
  drawn = requestAnimationFrame(() => show(frame, info?.gatewayUrl ?? ""));
  connected(true);
}

// A frame has the stories since the one before it, and frames may be skipped.
async function catchUp() {
  const answer = await ask("/api/v1/failovers?limit=50").catch(() => null);
  if (answer) stories.add(answer.failovers);
}

async function askTrails() {
  clearTimeout(trailTimer);
  const asked = window_;
  const answer = await ask(`/api/v1/trails?window=${asked}`).catch(() => undefined);
  if (asked !== window_ || document.hidden) return;
  if (answer !== undefined) setTrails(answer);
  trailTimer = setTimeout(askTrails, TRAILS_MS[asked]);
}

function close() {
  clearTimeout(again);
  clearTimeout(trailTimer);
  stream?.close();
  stream = null;
  sequence = 0;
}

async function open() {
  close();
  try {
    info ??= await ask("/api/v1/info");
    text($("version"), info.version);
  } catch (error) {
    lose(error instanceof TypeError || error.name === "TimeoutError" ? "" : error.message);
    return;
  }

  const mine = stream = new EventSource(`/api/v1/watch?window=${window_}&maxFramesPerSecond=${MAX_FRAMES_PER_SECOND}`);
  mine.onmessage = event => mine === stream && take(JSON.parse(event.data));
  mine.onerror = () => mine === stream && lose();
  askTrails();
}

function lose(message) {
  close();
  info = null; // It may come back as another version.
  connected(false, message);
  if (!document.hidden) again = setTimeout(open, AGAIN_MS);
}

function choose(name) {
  window_ = name in TRAILS_MS ? name : "5m";
  for (const button of $("windows").children) button.setAttribute("aria-pressed", String(button.dataset.window === window_));
  setTrails(null);
  open();
}

$("windows").addEventListener("click", event => {
  if (event.target.dataset.window) location.hash = event.target.dataset.window;
});
$("models").addEventListener("click", event => {
  const name = event.target.closest(".control")?.dataset.target;
  if (name) control.open(name);
});
addEventListener("hashchange", () => choose(location.hash.slice(1)));
// Browsers keep few connections to one server, so a page that nobody sees holds none.
document.addEventListener("visibilitychange", () => document.hidden ? close() : open());
addEventListener("pagehide", close);
addEventListener("pageshow", event => event.persisted && open());
setInterval(() => document.hidden || tick(), 1000);
$("copy").hidden = !navigator.clipboard;
$("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText($("curl").textContent);
  text($("copy"), "Copied");
  setTimeout(() => text($("copy"), "Copy"), 1500);
});
choose(location.hash.slice(1));
