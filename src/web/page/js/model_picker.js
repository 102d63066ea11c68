// Choosing a model: one of the list, or any other by its name.

import { el, framed, freshId, put } from "./dom.js";

const kOther = "other:";

/// A model picker. `picked` receives the reference of the model that the user chose.
export class ModelPicker {
  #models; #picked; #list; #field; #other;

  constructor(models, model, picked) {
    this.#models = models;
    this.#picked = picked;
    const id = freshId("model");
    this.#list = el("select", { id, change: () => this.#choose() });
    this.#field = el("input", {
      placeholder: "owner/name", "aria-label": "Name of the model", autocapitalize: "off", spellcheck: "false",
      keydown: (event) => event.key === "Enter" && this.#use(),
    });
    this.#other = el("div.together", this.#field, framed("Use", () => this.#use()));
    this.node = el("div.field", el("div.row", el("label", { for: id }, "Model")), this.#list, this.#other, el("p.help"));
    this.show(model);
  }

  /// Shows which model is chosen.
  show(model, description) {
    const known = this.#models.find((each) => each.ref === model);
    const groups = {};
    for (const { ref, title, group } of this.#models) {
      (groups[group] ??= []).push(el("option", { value: ref }, title));
    }
    put(this.#list, !known && el("option", { value: model }, model),
      Object.entries(groups).map(([label, options]) => el("optgroup", { label }, options)),
      el("option", { value: kOther }, "Another model…"));
    this.#list.value = model;
    this.#other.hidden = true;
    put(this.node.lastChild, description !== known?.title && description);
  }

  #choose() {
    const { value } = this.#list;
    this.#other.hidden = value !== kOther;
    if (value === kOther) this.#field.focus();
    else this.#picked(value);
  }

  #use() {
    const name = this.#field.value.trim();
    if (name) this.#picked(name);
  }

  focus() {
    this.#list.focus();
  }
}
