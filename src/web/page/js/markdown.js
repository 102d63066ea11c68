// Shows the tree that the server makes of an answer. Only what changed is built again: an answer
// arrives in hundreds of pieces, and each leaves almost everything as it was.

import { copyButton } from "./copy.js";
import { el } from "./dom.js";

const shown = new WeakMap();

/// Makes `parent` show these blocks, and nothing else.
export function show(parent, blocks) {
  reconcile(parent, shown.get(parent) ?? [], blocks, makeBlock, growBlock);
  shown.set(parent, blocks);
}

function equal(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => equal(a[name], b[name]));
}

// Keeps the nodes of what is equal, lets the first that is not grow if it can, and makes the rest.
function reconcile(parent, before, after, make, grow) {
  let same = 0;
  const both = Math.min(before.length, after.length);
  while (same < both && equal(before[same], after[same])) ++same;
  if (same < both && grow(parent.childNodes[same], before[same], after[same])) ++same;
  while (parent.childNodes.length > same) parent.lastChild.remove();
  parent.append(...after.slice(same).map(make));
}

const fill = (parent, parts, make) => {
  parent.append(...parts.map(make));
  return parent;
};

// Spans: one node each.

/// The address if it is one that a reader may follow, else nothing.
function safeAddress(text) {
  try {
    const url = new URL(text);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function makeLink(address, attributes = {}) {
  const href = safeAddress(address);
  return href === null
    ? el("span")
    : el("a", { href, rel: "noreferrer noopener", target: "_blank", ...attributes });
}

function makeSpan(span) {
  if (typeof span === "string") return document.createTextNode(span);
  if (span.t === "br") return el("br");
  if (span.t === "code") return el("code", span.text);
  if (span.t === "a") return fill(makeLink(span.href), span.c, makeSpan);
  const tag = ["em", "strong", "del"].includes(span.t) ? span.t : "span";
  return fill(el(tag), span.c ?? [], makeSpan);
}

function growText(node, before, after) {
  if (!after.startsWith(before)) return false;
  node.appendData(after.slice(before.length));
  return true;
}

function growSpan(node, before, after) {
  if (typeof before === "string" && typeof after === "string") return growText(node, before, after);
  if (before.t !== after.t || before.href !== after.href || !before.c || !after.c) return false;
  reconcile(node, before.c, after.c, makeSpan, growSpan);
  return true;
}

// Blocks: one node each.

function makeItem(item) {
  if (typeof item.task !== "boolean") return fill(el("li"), item.c, makeBlock);
  const box = el("input", {
    type: "checkbox", disabled: true, checked: item.task, "aria-label": item.task ? "Done" : "To do",
  });
  return el("li.task", box, fill(el("div"), item.c, makeBlock));
}

function growItem(node, before, after) {
  if (before.task !== after.task) return false;
  const body = typeof after.task === "boolean" ? node.lastChild : node;
  reconcile(body, before.c, after.c, makeBlock, growBlock);
  return true;
}

const kAlign = { l: "left", c: "center", r: "right" };

function makeRow(tag, align) {
  return (cells) => fill(el("tr"), cells.map((cell, column) => [cell, column]), ([cell, column]) =>
    fill(el(tag, { class: kAlign[align[column]] ?? null }), cell, makeSpan));
}

function makeTable(block) {
  const head = block.head.length > 0 && el("thead", makeRow("th", block.align)(block.head));
  const body = fill(el("tbody"), block.rows, makeRow("td", block.align));
  return el("div.wide", { role: "group", "aria-label": "Table", tabindex: "0" },
    el("table", head, body));
}

function makeCode(block) {
  const code = el("code", document.createTextNode(block.text));
  return el("div.code",
    el("div.code-bar",
      el("span", block.lang || "text"),
      copyButton("Copy", () => code.textContent, { "aria-label": "Copy this code" })),
    el("pre", { tabindex: "0", role: "group", "aria-label": `Code, ${block.lang || "text"}` }, code));
}

function makeFile(block) {
  const link = makeLink(block.url, { class: "file" });
  link.append(block.name || block.url);
  return el("p", link);
}

function makeBlock(block) {
  switch (block.t) {
    // The page's own headings are of levels 1 and 2.
    case "h": return fill(el(`h${Math.min(block.n + 2, 6)}`), block.c, makeSpan);
    case "code": return makeCode(block);
    case "ul":
    case "ol": {
      const start = block.t === "ol" && block.start !== 1 ? block.start : null;
      return fill(el(block.t, { start, class: block.tight ? "tight" : null }), block.c, makeItem);
    }
    case "quote": return fill(el("blockquote"), block.c, makeBlock);
    case "table": return makeTable(block);
    case "hr": return el("hr");
    case "file": return makeFile(block);
    default: return fill(el("p"), block.c ?? [], makeSpan);
  }
}

function growBlock(node, before, after) {
  if (before.t !== after.t) return false;
  switch (after.t) {
    case "p":
      reconcile(node, before.c, after.c, makeSpan, growSpan);
      return true;
    case "h":
      if (before.n !== after.n) return false;
      reconcile(node, before.c, after.c, makeSpan, growSpan);
      return true;
    case "code":
      if (before.lang !== after.lang) return false;
      return growText(node.querySelector("pre > code").firstChild, before.text, after.text);
    case "ul":
    case "ol":
      if (before.start !== after.start) return false;
      node.classList.toggle("tight", Boolean(after.tight));
      reconcile(node, before.c, after.c, makeItem, growItem);
      return true;
    case "quote":
      reconcile(node, before.c, after.c, makeBlock, growBlock);
      return true;
    case "table":
      if (!equal(before.head, after.head) || !equal(before.align, after.align)) return false;
      reconcile(node.querySelector("tbody"), before.rows, after.rows, makeRow("td", after.align), () => false);
      return true;
    default:
      return false;
  }
}
