// What a screen reader says without being asked: each new state, and an answer when it is done.

import { byId } from "./dom.js";

const kForgetAfter = 10_000;

function announce(id, text) {
  const region = byId(id);
  region.textContent = text;
  clearTimeout(region.timer);
  // Otherwise a reader who explores the page finds the text twice.
  region.timer = setTimeout(() => (region.textContent = ""), kForgetAfter);
}

/// Says a state, such as "Stopping".
export const say = (text) => announce("status", text);
/// Reads an answer aloud.
export const readAloud = (text) => announce("reader", text);
