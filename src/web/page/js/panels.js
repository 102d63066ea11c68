// The panels at the sides. Where there is room they stand beside the text; else they cover it.

import { button, set } from "./dom.js";
import { kept } from "./keep.js";

const wide = matchMedia("(min-width: 72rem)");

/// Returns a button that opens and closes a panel. `opened` is called when it opens.
export class Panels {
  constructor() {
    this.panels = new Map();
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      for (const [name, panel] of this.panels) {
        if (!panel.node.hidden && (!wide.matches || panel.node.contains(document.activeElement))) {
          this.close(name);
          panel.toggle.focus();
        }
      }
    });
    wide.addEventListener("change", () => this.arrange());
    document.querySelector(".frame").addEventListener("click", (event) => {
      if (!wide.matches && event.target.closest("main, .frame") && !event.target.closest("aside")) this.closeAll();
    });
  }

  add(name, label, { isOpen, opened = () => {} }) {
    const node = document.getElementById(name);
    const toggle = button(label, () => (node.hidden ? this.open(name, true) : this.close(name)), {
      "aria-expanded": "false", "aria-controls": name,
    });
    this.panels.set(name, { node, toggle, opened });
    if (wide.matches && (kept.get(`panel.${name}`) ?? isOpen)) this.open(name, false);
    return toggle;
  }

  open(name, takesFocus) {
    const panel = this.panels.get(name);
    if (!wide.matches) {
      for (const other of this.panels.keys()) if (other !== name) this.close(other);
    }
    panel.node.hidden = false;
    set(panel.toggle, "aria-expanded", "true");
    if (wide.matches) kept.set(`panel.${name}`, true);
    this.arrange();
    panel.opened();
    if (takesFocus) panel.node.focus({ preventScroll: true });
  }

  close(name) {
    const panel = this.panels.get(name);
    panel.node.hidden = true;
    set(panel.toggle, "aria-expanded", "false");
    if (wide.matches) kept.set(`panel.${name}`, false);
    this.arrange();
  }

  /// Closes what covers the text.
  closeAll() {
    if (wide.matches) return;
    for (const name of this.panels.keys()) this.close(name);
  }

  arrange() {
    const covers = !wide.matches && [...this.panels.values()].some((panel) => !panel.node.hidden);
    document.getElementById("main").inert = covers;
    document.body.classList.toggle("covered", covers);
  }
}
