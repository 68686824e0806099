// The document: what changes is written as text, never as markup, and only where it differs.
import { grouped, tone } from "./format.js";

export const $ = id => document.getElementById(id);

export function text(node, value) {
  if (node.textContent !== value) node.textContent = value;
}

export function put(node, [number, unit], toneName = "", title = "") {
  text(node.querySelector("b"), number);
  text(node.querySelector("i"), unit);
  if (node.dataset.tone !== toneName) node.dataset.tone = toneName;
  if (node.title !== title) node.title = title;
}

export const clone = id => $(id).content.firstElementChild.cloneNode(true);

// Keeps one child for each item, in order, so that what is selected or focused stays.
export function keyed(parent, known, keys, make) {
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

export function metrics(list, items) {
  while (list.children.length < items.length) list.append(clone("metric-template"));
  items.forEach(([name, value, note, toneName, title], i) => {
    const node = list.children[i];
    text(node.querySelector("dt"), name);
    put(node.querySelector("dd"), value, toneName ?? tone(value), title ?? "");
    text(node.querySelector(".note"), note ?? "");
  });
}

export function chips(node, errors) {
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
