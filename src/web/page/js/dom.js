// Elements are built here, from text, never from markup.

/// Makes an element: `el("p.help", { id: "one" }, "Text")`. The attributes may be left out. A function
/// is a listener for the event of that name; true is an attribute without a value. What is null,
/// undefined, false or "" is left out, as an attribute and as a child.
export function el(kind, ...children) {
  const [tag, ...classes] = kind.split(".");
  const node = document.createElement(tag);
  if (classes.length > 0) node.className = classes.join(" ");
  if (children[0]?.constructor === Object) {
    for (const [name, value] of Object.entries(children.shift())) {
      if (typeof value === "function") node.addEventListener(name, value);
      else set(node, name, value);
    }
  }
  return put(node, ...children);
}

/// Makes these the children of an element.
export function put(node, ...children) {
  node.replaceChildren(...children.flat().filter((each) => each || each === 0));
  return node;
}

/// Sets an attribute, or removes it if the value is null, undefined, false or "".
export function set(node, name, value) {
  if (value || value === 0) node.setAttribute(name, value === true ? "" : value);
  else node.removeAttribute(name);
}

/// Sets or removes an ARIA attribute that is "true" or absent.
export const mark = (node, name, isTrue) => set(node, `aria-${name}`, isTrue ? "true" : null);

/// What went wrong, and what to do.
export function note({ message, remedy }, ...more) {
  return el("div.note.error", el("p", message), remedy && el("p", remedy), ...more);
}

/// A button that submits nothing.
export function button(text, click, attributes = {}) {
  return el("button", { type: "button", click, ...attributes }, text);
}

/// The same with a frame.
export const framed = (text, click) => button(text, click, { class: "framed" });

/// An element that only screen readers see.
export const unseen = (tag, text) => el(`${tag}.unseen`, text);

let lastId = 0;
/// An id that no other element has.
export const freshId = (name) => `${name}-${++lastId}`;

/// One of the elements of page.html, or the message box.
export const byId = (id) => document.getElementById(id);
