// The list of failovers and rescues: from where, to where, why, after how long.
import { $, clone, text } from "./page.js";
import { latency } from "./format.js";

const SHOWN = 50;
const known = new Map();

const key = s => `${s.requestId} ${s.at} ${s.from} ${s.to}`;

/** Takes in stories, in any order; one that is known already counts once. */
export function add(stories) {
  if (stories.length === 0) return;
  for (const story of stories) known.set(key(story), story);
  const newest = [...known.values()].sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, SHOWN);
  known.clear();
  for (const story of newest) known.set(key(story), story);
  show(newest);
}

/** Forgets all, as when another process answers. */
export function clear() {
  known.clear();
  show([]);
}

function show(stories) {
  const list = $("stories");
  $("story-part").hidden = stories.length === 0;
  while (list.children.length > stories.length) list.lastElementChild.remove();
  while (list.children.length < stories.length) list.append(clone("story-template"));
  stories.forEach((story, i) => write(list.children[i], story));
}

// What was passed over was not tried, so it took no time.
function because(story) {
  const error = story.error.replaceAll("_", " ");
  return story.error === "passed_over" ? error : `${error} after ${latency(story.afterMs).join(" ")}`;
}

function write(node, story) {
  const at = new Date(story.at);
  const part = name => node.querySelector(name);
  text(part("time"), at.toLocaleTimeString());
  part("time").dateTime = story.at;
  part("time").title = at.toLocaleString();
  text(part(".kind"), story.kind);
  part(".kind").dataset.kind = story.kind;
  text(part(".of"), story.model);
  text(part(".from"), story.from);
  text(part(".to"), story.to);
  text(part(".because"), because(story));
  text(part(".end"), story.succeeded ? "answered" : "failed");
  part(".end").dataset.tone = story.succeeded ? "good" : "bad";
  node.title = `Request ${story.requestId}`;
}
