// The panels at the sides. Where there is room they stand beside the text; else they cover it.

import { button, byId, set } from "./dom.js";
import { kept } from "./keep.js";

const wide = matchMedia("(min-width: 72rem)");

/// Opens and closes the panels, which are known by the ids of their elements.
export class Panels {
  #toggles = new Map();

  constructor() {
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      for (const [name, toggle] of this.#toggles) {
        if (byId(name).hidden || (wide.matches && !byId(name).contains(document.activeElement))) continue;
        this.#show(name, false);
        toggle.focus();
      }
    });
    wide.addEventListener("change", () => this.#toggles.forEach((_, name) => this.#restore(name)));
    document.querySelector(".frame").addEventListener("click", (event) => {
      if (!event.target.closest("aside")) this.closeAll();
    });
  }

  /// Returns a button that opens and closes a panel.
  add(name, label, isOpen) {
    const toggle = button(label, () => {
      this.#show(name, byId(name).hidden);
      if (!byId(name).hidden) byId(name).focus();
    }, { "aria-controls": name });
    this.#toggles.set(name, toggle);
    if (kept.get(`panel.${name}`) === null) kept.set(`panel.${name}`, isOpen);
    this.#restore(name);
    return toggle;
  }

  #restore(name) {
    this.#show(name, wide.matches && kept.get(`panel.${name}`));
  }

  open(name) {
    this.#show(name, true);
  }

  /// Closes what covers the text.
  closeAll() {
    if (!wide.matches) this.#toggles.forEach((_, name) => this.#show(name, false));
  }

  #show(name, shown) {
    if (shown) this.closeAll();
    byId(name).hidden = !shown;
    set(this.#toggles.get(name), "aria-expanded", String(Boolean(shown)));
    if (wide.matches) kept.set(`panel.${name}`, shown);
    this.#arrange();
  }

  #arrange() {
    const covers = !wide.matches && [...this.#toggles.keys()].some((name) => !byId(name).hidden);
    byId("main").inert = covers;
    document.body.classList.toggle("covered", covers);
  }
}
