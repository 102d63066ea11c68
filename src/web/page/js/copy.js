// The clipboard.

import { say } from "./announce.js";
import { button, el } from "./dom.js";

/// Copies a text. False if the browser forbids it.
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Browsers have this interface on https and loopback only.
  }
  const area = el("textarea.unseen");
  area.value = text;
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  focused?.focus();
  return copied;
}

/// A button that copies what `text` returns, unless that is undefined, and says so.
export function copyButton(label, text, attributes = {}) {
  const node = button(label, async () => {
    const content = await text();
    if (content === undefined) return;
    const result = (await copy(content)) ? "Copied" : "Not allowed";
    node.textContent = result;
    say(result);
    setTimeout(() => (node.textContent = label), 1500);
  }, attributes);
  return node;
}
