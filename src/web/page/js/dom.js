// Elements are built here, from text, never from markup.

/// Makes an element. A function is a listener for the event of that name; true is an attribute
/// without a value; null, undefined and false are left out, as an attribute and as a child.
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else set(node, name, value);
  }
  node.append(...present(children));
  return node;
}

const present = (children) =>
  children.flat().filter((each) => each !== null && each !== undefined && each !== false && each !== "");

/// Makes these the children of an element.
export function put(node, ...children) {
  node.replaceChildren(...present(children));
  return node;
}

/// Sets an attribute, or removes it if the value is null, undefined or false.
export function set(node, name, value) {
  if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : value);
}

/// Sets or removes an ARIA attribute that is "true" or absent.
export const mark = (node, name, isTrue) => set(node, `aria-${name}`, isTrue ? "true" : null);

/// What went wrong, and what to do.
export function note({ message, remedy }, ...more) {
  return el("div", { class: "note error" }, el("p", {}, message), remedy && el("p", {}, remedy), ...more);
}

/// A button that submits nothing.
export function button(text, click, attributes = {}) {
  return el("button", { type: "button", click, ...attributes }, text);
}

/// An element that only screen readers see.
export const unseen = (tag, text) => el(tag, { class: "unseen" }, text);

let lastId = 0;
/// An id that no other element has.
export const freshId = (name) => `${name}-${++lastId}`;
