// Numbers for people: each becomes [number, unit].
export const NONE = ["–", ""];
export const grouped = new Intl.NumberFormat("en-US");

export function count(n) {
  return [n < 100_000 ? grouped.format(n) : compact(n), ""];
}

export function compact(n) {
  const steps = [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "k"]];
  for (const [step, unit] of steps) {
    if (n >= step) {
      const value = n / step;
      return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0) + unit;
    }
  }
  return String(n);
}

export function tokens(n) {
  return [n < 10_000 ? grouped.format(n) : compact(n), ""];
}

export function latency(ms) {
  if (ms == null) return NONE;
  if (ms < 1) return [ms.toFixed(2), "ms"];
  if (ms < 10) return [ms.toFixed(1), "ms"];
  if (ms < 999.5) return [ms.toFixed(0), "ms"];
  if (ms < 9_995) return [(ms / 1000).toFixed(2), "s"];
  if (ms < 59_950) return [(ms / 1000).toFixed(1), "s"];
  return [(ms / 60_000).toFixed(1), "min"];
}

// Cut, not rounded: 100 stands for all of them only.
export function percent(rate) {
  if (rate == null) return NONE;
  const cut = Math.floor(rate * 10_000 + 1e-9) / 100;
  return [cut === 100 ? "100" : cut.toFixed(cut >= 99 ? 2 : 1), "%"];
}

export function cost(usd) {
  if (usd == null) return NONE;
  if (usd === 0) return ["$0", ""];
  if (usd >= 100_000) return ["$" + compact(usd), ""];
  if (usd < 0.00001) return ["<$0.00001", ""];
  if (usd >= 1) return ["$" + usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }), ""];
  return ["$" + (usd >= 0.01 ? usd.toFixed(3) : usd.toPrecision(2).includes("e") ? usd.toFixed(9) : usd.toPrecision(2)), ""];
}

// Wraps as one word.
export const glued = s => s.replaceAll(" ", "\u00a0");
export const rateTone = rate => rate == null ? "none" : rate < 0.95 ? "bad" : rate < 0.99 ? "warn" : "";
export const tone = value => value === NONE ? "none" : "";
