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

function makeLink(address, content) {
  const href = safeAddress(address);
  return href ? el("a", { href, rel: "noreferrer noopener", target: "_blank" }, content) : el("span", content);
}

const kMarks = ["em", "strong", "del"];

const makeSpans = (spans) => spans.map(makeSpan);

function makeSpan(span) {
  if (typeof span === "string") return document.createTextNode(span);
  if (span.t === "br") return el("br");
  if (span.t === "code") return el("code", span.text);
  const content = makeSpans(span.c ?? []);
  return span.t === "a" ? makeLink(span.href, content) : el(kMarks.includes(span.t) ? span.t : "span", content);
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

function makeItem({ task, c }) {
  return el("li", { class: task === true ? "done" : task === false && "to-do" }, c.map(makeBlock));
}

function growItem(node, before, after) {
  if (before.task !== after.task) return false;
  reconcile(node, before.c, after.c, makeBlock, growBlock);
  return true;
}

const kAlign = { l: "left", c: "center", r: "right" };

function makeRow(tag, align) {
  return (cells) => el("tr", cells.map((cell, column) => el(tag, { class: kAlign[align[column]] }, makeSpans(cell))));
}

function makeTable(block) {
  const head = block.head.length > 0 && el("thead", makeRow("th", block.align)(block.head));
  const body = el("tbody", block.rows.map(makeRow("td", block.align)));
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

function makeBlock(block) {
  switch (block.t) {
    // The page's own headings are of levels 1 and 2.
    case "h": return el(`h${Math.min(block.n + 2, 6)}`, makeSpans(block.c));
    case "code": return makeCode(block);
    case "ul":
    case "ol": {
      const start = block.start !== 1 && String(block.start ?? "");
      return el(block.t, { start, class: block.tight && "tight" }, block.c.map(makeItem));
    }
    case "quote": return el("blockquote", block.c.map(makeBlock));
    case "table": return makeTable(block);
    case "hr": return el("hr");
    case "file": return el("p", makeLink(block.url, block.name || block.url));
    default: return el("p", makeSpans(block.c ?? []));
  }
}

function growBlock(node, before, after) {
  if (before.t !== after.t) return false;
  switch (after.t) {
    case "p":
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
