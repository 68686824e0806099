// Small pictures of how a model or target went along the window: bars for what ended, red for what failed, a line for the p95 latency.
const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 100;

function shape(kind) {
  const node = document.createElementNS(SVG, "path");
  node.setAttribute("class", kind);
  return node;
}

function canvas(parent) {
  if (parent.paths) return parent;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  parent.paths = [shape("fine"), shape("failed"), shape("line")];
  svg.append(...parent.paths);
  parent.replaceChildren(svg);
  parent.svg = svg;
  return parent;
}

function set(node, value) {
  if (node.getAttribute("d") !== value) node.setAttribute("d", value);
}

const bar = (x, from, to) => to > from ? `M${x + 0.12} ${(HEIGHT - from).toFixed(1)}H${x + 0.88}V${(HEIGHT - to).toFixed(1)}H${x + 0.12}Z` : "";

/** Draws the counts of a trail as bars; what failed stands at the bottom of its bar, in red. */
export function bars(parent, counts, failed) {
  const { svg, paths: [fine, bad] } = canvas(parent);
  svg.setAttribute("viewBox", `0 0 ${counts.length} ${HEIGHT}`);
  const most = Math.max(1, ...counts);
  // What is not nothing can be seen.
  const high = n => n === 0 ? 0 : Math.max(6, HEIGHT * n / most);
  set(bad, counts.map((_, x) => bar(x, 0, high(failed[x]))).join(""));
  set(fine, counts.map((n, x) => bar(x, high(failed[x]), high(n))).join(""));
}

/** Draws a figure as a line, with gaps where there is none; a point alone is a dash. */
export function line(parent, values) {
  const { svg, paths: [, , path] } = canvas(parent);
  svg.setAttribute("viewBox", `0 0 ${values.length} ${HEIGHT}`);
  const most = Math.max(...values.filter(v => v != null), 0) || 1;
  let d = "";
  values.forEach((v, x) => {
    if (v == null) return;
    const y = (HEIGHT - 4 - (HEIGHT - 12) * v / most).toFixed(1);
    const isAlone = values[x - 1] == null && values[x + 1] == null;
    d += isAlone ? `M${x + 0.1} ${y}H${x + 0.9}` : `${values[x - 1] == null ? "M" : "L"}${x + 0.5} ${y}`;
  });
  set(path, d);
}

/** What a trail shows, for those who do not see it. */
export function words(trail, counts, unit) {
  const sum = list => list.reduce((a, b) => a + b, 0);
  const [all, failed] = [sum(counts), sum(trail.failed)];
  return `${all} ${unit}, ${failed} failed, in ${counts.length} steps`;
}
