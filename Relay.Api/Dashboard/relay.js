// The live page: asks /api/v1 once a second and writes what it gets as text, never as markup.
const REFRESH_MS = 1000;
const TIMEOUT_MS = 4000;
const WINDOWS = { "1m": "minute", "5m": "5 minutes", "1h": "hour", "24h": "24 hours" };
const NONE = ["–", ""];

const STATES = { closed: "Closed", ramping: "Ramping", half_open: "Half-open", open: "Open" };
const REASONS = {
  consecutive_failures: "failures in a row",
  failure_ratio: "too many failures",
  probe_failed: "probe failed",
  probe_granted: "probe under way",
  probe_succeeded: "probe succeeded",
  slow: "slow, others first",
  cluster: "another gateway found it broken",
};

const $ = id => document.getElementById(id);
const cards = new Map();
let window_ = "5m";
let info = null;
let lastGood = null;
let timer = 0;
let round = 0;

/* ---- numbers: each becomes [number, unit] ---- */

const grouped = new Intl.NumberFormat("en-US");

function count(n) {
  return [n < 100_000 ? grouped.format(n) : compact(n), ""];
}

function compact(n) {
  const steps = [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "k"]];
  for (const [step, unit] of steps) {
    if (n >= step) {
      const value = n / step;
      return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0) + unit;
    }
  }
  return String(n);
}

function tokens(n) {
  return [n < 10_000 ? grouped.format(n) : compact(n), ""];
}

function latency(ms) {
  if (ms == null) return NONE;
  if (ms < 1) return [ms.toFixed(2), "ms"];
  if (ms < 10) return [ms.toFixed(1), "ms"];
  if (ms < 999.5) return [ms.toFixed(0), "ms"];
  if (ms < 9_995) return [(ms / 1000).toFixed(2), "s"];
  if (ms < 59_950) return [(ms / 1000).toFixed(1), "s"];
  return [(ms / 60_000).toFixed(1), "min"];
}

// Cut, not rounded: 100 stands for all of them only.
function percent(rate) {
  if (rate == null) return NONE;
  const cut = Math.floor(rate * 10_000 + 1e-9) / 100;
  return [cut === 100 ? "100" : cut.toFixed(cut >= 99 ? 2 : 1), "%"];
}

function cost(usd) {
  if (usd == null) return NONE;
  if (usd === 0) return ["$0", ""];
  if (usd >= 100_000) return ["$" + compact(usd), ""];
  if (usd >= 1) return ["$" + usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }), ""];
  return ["$" + (usd >= 0.01 ? usd.toFixed(3) : usd.toPrecision(2).includes("e") ? usd.toFixed(9) : usd.toPrecision(2)), ""];
}

// Wraps as one word.
const glued = s => s.replaceAll(" ", "\u00a0");
const rateTone = rate => rate == null ? "none" : rate < 0.95 ? "bad" : rate < 0.99 ? "warn" : "";
const tone = value => value === NONE ? "none" : "";

/* ---- the document ---- */

function text(node, value) {
  if (node.textContent !== value) node.textContent = value;
}

function put(node, [number, unit], toneName = "", title = "") {
  text(node.querySelector("b"), number);
  text(node.querySelector("i"), unit);
  if (node.dataset.tone !== toneName) node.dataset.tone = toneName;
  if (node.title !== title) node.title = title;
}

const clone = id => $(id).content.firstElementChild.cloneNode(true);

// Keeps one child for each item, in order, so that what is selected or focused stays.
function keyed(parent, known, keys, make) {
  for (const [key, node] of known) {
    if (!keys.includes(key)) {
      node.remove();
      known.delete(key);
    }
  }
  keys.forEach((key, i) => {
    if (!known.has(key)) known.set(key, make(key));
    const node = known.get(key);
    if (parent.children[i] !== node) parent.insertBefore(node, parent.children[i] ?? null);
  });
}

function metrics(list, items) {
  while (list.children.length < items.length) list.append(clone("metric-template"));
  items.forEach(([name, value, note, toneName, title], i) => {
    const node = list.children[i];
    text(node.querySelector("dt"), name);
    put(node.querySelector("dd"), value, toneName ?? tone(value), title ?? "");
    text(node.querySelector(".note"), note ?? "");
  });
}

function chips(node, errors) {
  const items = Object.entries(errors).sort((a, b) => b[1] - a[1]);
  const signature = JSON.stringify(items);
  if (node.dataset.signature === signature) return;
  node.dataset.signature = signature;
  node.replaceChildren(...items.map(([kind, n]) => {
    const chip = document.createElement("span");
    const number = document.createElement("b");
    chip.className = "chip";
    number.textContent = grouped.format(n);
    chip.append(kind.replaceAll("_", " "), number);
    return chip;
  }));
}

/* ---- figures ---- */

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
  text(node.querySelector(".why"), why(target.breaker, now));
  put(attempts, count(target.attempts), target.attempts ? "" : "none", target.active ? `${target.active} active` : "");
  node.querySelector(".share > span").style.width = `${(100 * share).toFixed(1)}%`;
  put(success, percent(target.successRate), rateTone(target.successRate));
  const times = [[p50, target.latencyMs?.p50], [p95, target.latencyMs?.p95], [p99, target.latencyMs?.p99], [first, target.firstTokenMs?.p50]];
  times.forEach(([cell, ms]) => put(cell, latency(ms), ms == null ? "none" : ""));
  put(used, target.attempts ? tokens(target.tokens.total) : NONE, target.tokens.total ? "" : "none", grouped.format(target.tokens.total));
  put(price, target.attempts ? cost(target.costUsd) : NONE, target.costUsd ? "" : "none", target.costUsd == null ? "No price is known" : `${target.costUsd} USD`);
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
  const all = model.targets.reduce((sum, t) => sum + t.attempts, 0);
  model.targets.forEach(t => row(node.rows.get(t.target), t, all ? t.attempts / all : 0, now));
}

function empty(report) {
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
  text($("curl"), `curl ${quote(`${(info?.gatewayUrl ?? "").replace(/\/$/, "")}/v1/chat/completions`)} \\\n  -H 'Content-Type: application/json' \\\n  -d ${quote(body)}`);
}

function show(report) {
  const now = Date.parse(report.generatedAt);
  metrics($("total"), requestMetrics(report.total));
  keyed($("models"), cards, report.models.map(m => m.model), makeCard);
  report.models.forEach(m => card(cards.get(m.model), m, now));
  empty(report);
  $("figures").hidden = false;
}

/* ---- asking ---- */

async function ask(path) {
  const response = await fetch(path, { signal: AbortSignal.timeout(TIMEOUT_MS), cache: "no-store" });
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Error(body?.error?.message ?? `It answered ${response.status}.`);
  return body;
}

function connected(ok, message) {
  const state = ok ? "live" : "away";
  text($("live"), ok ? "Live" : "Not connected");
  $("live").dataset.state = state;
  $("away").hidden = ok;
  $("figures").classList.toggle("stale", !ok);
  if (!ok) {
    const since = lastGood ? ` The figures below are from ${lastGood.toLocaleTimeString()}.` : "";
    text($("away"), `Relay's API is not answering.${message ? ` ${message}` : ""}${since} Trying again every second.`);
  }
}

async function refresh() {
  clearTimeout(timer);
  const mine = ++round;
  try {
    info ??= await ask("/api/v1/info");
    text($("version"), info.version);
    const report = await ask(`/api/v1/models?window=${window_}`);
    if (mine !== round) return;
    lastGood = new Date();
    show(report);
    connected(true);
  } catch (error) {
    if (mine !== round) return;
    info = null; // It may come back as another version.
    connected(false, error instanceof TypeError || error.name === "TimeoutError" ? "" : error.message);
  }
  if (!document.hidden) timer = setTimeout(refresh, REFRESH_MS);
}

function choose(name) {
  window_ = name in WINDOWS ? name : "5m";
  for (const button of $("windows").children) button.setAttribute("aria-pressed", String(button.dataset.window === window_));
  refresh();
}

$("windows").addEventListener("click", event => {
  if (event.target.dataset.window) location.hash = event.target.dataset.window;
});
addEventListener("hashchange", () => choose(location.hash.slice(1)));
document.addEventListener("visibilitychange", () => document.hidden ? clearTimeout(timer) : refresh());
$("copy").hidden = !navigator.clipboard;
$("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText($("curl").textContent);
  text($("copy"), "Copied");
  setTimeout(() => text($("copy"), "Copy"), 1500);
});
choose(location.hash.slice(1));
