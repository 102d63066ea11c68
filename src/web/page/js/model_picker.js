// Choosing a model: one of the list, or any other by its name.

import { button, el, freshId, mark, put } from "./dom.js";

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
      type: "text", placeholder: "owner/name", "aria-label": "Name of the model", autocomplete: "off",
      autocapitalize: "off", spellcheck: "false",
      keydown: (event) => {
        if (event.key !== "Enter" || event.isComposing) return;
        event.preventDefault();
        this.#use();
      },
    });
    this.#other = el("div.together", { hidden: true }, this.#field, button("Use", () => this.#use(), { class: "framed" }));
    this.node = el("div.field",
      el("div.row", el("label", { for: id }, "Model")),
      this.#list, this.#other,
      el("p.help"));
    this.show(model);
  }

  /// Shows which model is chosen.
  show(model, description = "") {
    const known = this.#models.some((each) => each.ref === model);
    const groups = new Map();
    for (const each of this.#models) {
      const group = each.group ?? "";
      groups.set(group, [...(groups.get(group) ?? []), each]);
    }
    const option = (each) => el("option", { value: each.ref }, each.title || each.ref);
    put(this.#list, !known && el("option", { value: model }, model),
      [...groups].flatMap(([group, models]) =>
        group ? el("optgroup", { label: group }, models.map(option)) : models.map(option)),
      el("option", { value: kOther }, "Another model…"));
    this.#list.value = model;
    this.#other.hidden = true;
    const said = description || this.#models.find((each) => each.ref === model)?.description || "";
    this.node.lastChild.textContent = said;
  }

  #choose() {
    const isOther = this.#list.value === kOther;
    this.#other.hidden = !isOther;
    if (isOther) this.#field.focus();
    else this.#picked(this.#list.value);
  }

  #use() {
    const name = this.#field.value.trim();
    mark(this.#field, "invalid", name === "");
    if (name !== "") this.#picked(name);
  }

  focus() {
    this.#list.focus();
  }
}
