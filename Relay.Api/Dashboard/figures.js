// The figures of a frame: totals, a card for each model, a row for each target.
import { NONE, cost, count, glued, grouped, latency, percent, rateTone, tokens } from "./format.js";
import { $, chips, clone, keyed, metrics, put, text } from "./page.js";
import { bars, line, words } from "./trails.js";

const WINDOWS = { "1m": "minute", "5m": "5 minutes", "1h": "hour", "24h": "24 hours" };
const STATES = { closed: "Closed", ramping: "Ramping", half_open: "Half-open", open: "Open" };
const REASONS = {
  consecutive_failures: "failures in a row",
  failure_ratio: "too many failures",
  probe_failed: "probe failed",
  probe_granted: "probe under way",
  probe_succeeded: "probe succeeded",
  cluster: "another gateway found it broken",
  slow: "slow, others first",
};
const FORCES = { open: "held open by hand", closed: "held closed by hand" };

const cards = new Map();
let trails = { models: new Map(), targets: new Map() };
let shown = null;
// What the server's clock is ahead of this one, so that its times can be counted down here.
let ahead = 0;

function requestMetrics(m) {
  const t = m.tokens;
  const input = t.input + t.cached_input + t.cache_write_5m + t.cache_write_1h + t.audio_input;
  const requestNotes = [m.active && `${grouped.format(m.active)} active`, m.failovers && `${grouped.format(m.failovers)} ${m.failovers === 1 ? "failover" : "failovers"}`];
  const costNotes = [m.unpriced && `${grouped.format(m.unpriced)} without a price`, m.estimated && `${grouped.format(m.estimated)} estimated`];
  const failed = m.requests - m.successes;
  return [
    ["Requests", count(m.requests), requestNotes.filter(Boolean).join("\n"), "", grouped.format(m.requests)],
    ["Success", percent(m.successRate), failed > 0 ? `${grouped.format(failed)} failed` : "", rateTone(m.successRate)],
    ["Latency p50", latency(m.latencyMs?.p50)],
    ["p95", latency(m.latencyMs?.p95)],
    ["p99", latency(m.latencyMs?.p99)],
    ["First token p50", latency(m.firstTokenMs?.p50), m.firstTokenMs ? `p95 ${latency(m.firstTokenMs.p95).join(" ")}` : ""],
    ["Tokens", tokens(t.total), t.total ? `${glued(`${tokens(input)[0]} in`)}, ${glued(`${tokens(t.total - input)[0]} out`)}` : "", "", grouped.format(t.total)],
    ["Cost", cost(m.costUsd), costNotes.filter(Boolean).join("\n"), undefined, m.costUsd == null ? "No price is known" : `${m.costUsd} USD`],
  ];
}

function health(targets) {
  const open = targets.filter(t => t.breaker?.state === "open").length;
  const shaky = targets.filter(t => ["ramping", "half_open"].includes(t.breaker?.state)).length;
  const word = targets.length === 1 ? "target" : "targets";
  if (open === targets.length) return [`No target available`, "bad"];
  if (open || shaky) return [`${targets.length - open - shaky} of ${targets.length} ${word} healthy`, "warn"];
  return [targets.length === 1 ? "1 target" : `${targets.length} targets`, ""];
}

function why(breaker, now) {
  const force = FORCES[breaker?.force];
  if (force) return force;
  if (!breaker || breaker.state === "closed") return "";
  const parts = [REASONS[breaker.reason]];
  if (breaker.openUntil) {
    const seconds = Math.ceil((Date.parse(breaker.openUntil) - now) / 1000);
    parts.push(seconds > 0 ? glued(`next probe in ${seconds} s`) : glued("next probe is due"));
  }
  return parts.filter(Boolean).join(", ");
}

function row(node, target, share, now) {
  const [attempts, success, p50, p95, p99, first, used, price] = node.querySelectorAll(".num");
  const state = target.breaker?.state ?? "unknown";
  text(node.querySelector(".name"), target.target);
  chips(node.querySelector(".chips"), target.errors);
  const pill = node.querySelector(".pill");
  text(pill, STATES[state] ?? "No report");
  pill.dataset.state = state;
  pill.title = target.breaker ? `Since ${new Date(target.breaker.since).toLocaleString()}. Opened ${target.breaker.opened} times.` : "No gateway has reported lately.";
  pill.dataset.force = target.breaker?.force ?? "none";
  text(node.querySelector(".why"), why(target.breaker, now));
  const button = node.querySelector(".control");
  button.dataset.target = target.target;
  button.setAttribute("aria-label", `Breaker of ${target.target}`);
  put(attempts, count(target.attempts), target.attempts ? "" : "none", target.active ? `${target.active} active` : "");
  node.querySelector(".share > span").style.width = `${(100 * share).toFixed(1)}%`;
  drawTrails(node, trails.targets.get(target.target), "attempts");
  put(success, percent(target.successRate), rateTone(target.successRate));
  const times = [[p50, target.latencyMs?.p50], [p95, target.latencyMs?.p95], [p99, target.latencyMs?.p99], [first, target.firstTokenMs?.p50]];
  times.forEach(([cell, ms]) => put(cell, latency(ms), ms == null ? "none" : ""));
  put(used, target.attempts ? tokens(target.tokens.total) : NONE, target.tokens.total ? "" : "none", grouped.format(target.tokens.total));
  put(price, target.attempts ? cost(target.costUsd) : NONE, target.costUsd ? "" : "none", target.costUsd == null ? "No price is known" : `${target.costUsd} USD`);
}

// Trails come less often than frames; they are drawn where they are known.
function drawTrails(node, trail, unit) {
  const [counts, p95] = [node.querySelector(".trail-counts"), node.querySelector(".trail-p95")];
  const list = trail?.requests ?? trail?.attempts;
  counts.hidden = !list;
  if (p95) p95.hidden = !list;
  if (!list) return;
  bars(counts, list, trail.failed);
  const label = words(trail, list, unit);
  if (counts.getAttribute("aria-label") !== label) counts.setAttribute("aria-label", label);
  if (p95) line(p95, trail.latencyP95Ms);
}

function makeCard() {
  const node = clone("model-template");
  node.rows = new Map();
  return node;
}

function card(node, model, now) {
  text(node.querySelector("h2"), model.model);
  text(node.querySelector(".tag"), model.strategy);
  const [words, toneName] = health(model.targets);
  text(node.querySelector(".health"), words);
  node.querySelector(".health").dataset.tone = toneName;
  metrics(node.querySelector(".metrics"), requestMetrics(model));
  chips(node.querySelector(":scope > .chips"), model.errors);
  keyed(node.querySelector("tbody"), node.rows, model.targets.map(t => t.target), () => clone("target-template"));
  drawTrails(node.querySelector(".trails"), trails.models.get(model.model), "requests");
  const all = model.targets.reduce((sum, t) => sum + t.attempts, 0);
  model.targets.forEach(t => row(node.rows.get(t.target), t, all ? t.attempts / all : 0, now));
}

function empty(report, gatewayUrl) {
  const noModels = report.models.length === 0;
  $("empty").hidden = !noModels && (report.total.requests > 0 || report.total.active > 0);
  $("try").hidden = $("total").hidden = noModels;
  if (noModels) {
    text($("empty-title"), "No models yet");
    text($("empty-text"), "The configuration names no model, so there is nothing to route to. Add one and this page shows it.");
    return;
  }
  text($("empty-title"), `No requests in the last ${WINDOWS[report.window]}`);
  text($("empty-text"), "Send one and watch it arrive here. If your configuration lists keys, add an Authorization header with one of them.");
  const body = JSON.stringify({ model: report.models[0].model, messages: [{ role: "user", content: "Say hello" }] });
  const quote = s => `'${s.replaceAll("'", String.raw`'\''`)}'`;
  text($("curl"), `curl ${quote(`${gatewayUrl.replace(/\/$/, "")}/v1/chat/completions`)} \\\n  -H 'Content-Type: application/json' \\\n  -d ${quote(body)}`);
}

/** Shows a frame, or the answer of /api/v1/models, which is the same. */
export function show(report, gatewayUrl) {
  shown = report;
  ahead = Date.parse(report.generatedAt) - Date.now();
  draw();
  empty(report, gatewayUrl);
  $("figures").hidden = false;
}

/** Takes over what /api/v1/trails answered; null: nothing is known of this window yet. */
export function setTrails(answer) {
  const byName = (list, kind) => new Map((list ?? []).map(trail => [trail[kind], trail]));
  trails = { models: byName(answer?.models, "model"), targets: byName(answer?.targets, "target") };
  if (shown) draw();
}

/** Counts down what is shown of times to come. */
export function tick() {
  if (shown?.models.some(m => m.targets.some(t => t.breaker?.openUntil))) draw();
}

function draw() {
  const now = Date.now() + ahead;
  metrics($("total"), requestMetrics(shown.total));
  keyed($("models"), cards, shown.models.map(m => m.model), makeCard);
  shown.models.forEach(m => card(cards.get(m.model), m, now));
}
