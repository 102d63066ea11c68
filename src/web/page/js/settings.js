// The model, the system prompt and the parameters, as controls.

import { say } from "./announce.js";
import { button, el, freshId, note, put } from "./dom.js";
import { makeField } from "./field.js";
import { ModelPicker } from "./model_picker.js";

/// Controls that change a Setup. `defaults` is the Setup that the server starts with; `changed` is
/// called after each change.
export class Settings {
  constructor(setup, { models, defaults, changed }) {
    this.defaults = defaults;
    this.changed = changed;
    this.fields = new Map();
    this.picker = new ModelPicker(models, setup.model, (model) => this.pick(model));
    this.system = el("div");
    this.inputs = el("div");
    this.notes = el("div");
    this.node = el("div", { class: "settings" }, this.picker.node, this.notes, this.system, this.inputs);
    this.use(setup);
  }

  /// Shows another Setup, and changes that one from now on.
  use(setup) {
    this.setup = setup;
    return this.load();
  }

  async pick(model) {
    this.setup.model = model;
    this.changed();
    await this.load();
    const foreign = this.setup.foreign();
    if (foreign.length > 0) say(`${model} has no ${foreign.join(", ")}`);
  }

  async load() {
    const { setup } = this;
    this.picker.show(setup.model);
    this.notes.replaceChildren(el("p", { class: "help" }, "Reading the model’s parameters…"));
    try {
      await setup.load();
    } catch (error) {
      if (setup === this.setup) this.showProblem(error);
      return;
    }
    if (setup === this.setup && setup.info) this.show();
  }

  showProblem(error) {
    this.system.replaceChildren();
    this.inputs.replaceChildren();
    put(this.notes, note(error, button("Try again", () => this.load(), { class: "quiet" })));
  }

  show() {
    const { info } = this.setup;
    if (info.error) {
      this.showProblem(info.error);
      return;
    }
    this.picker.show(this.setup.model, info.description);
    this.showNotes();
    this.system.replaceChildren(this.makeSystem());
    this.fields.clear();
    for (const input of info.inputs) {
      this.fields.set(input.name, makeField(input, {
        value: this.setup.parameters[input.name],
        standard: this.defaults.parameters[input.name],
        changed: (value) => this.setParameter(input.name, value),
      }));
    }
    put(this.inputs,
      info.inputs.length > 0 && el("div", { class: "row" }, el("h3", {}, "Parameters"),
        button("Reset all", () => this.resetAll(), { class: "quiet" })),
      [...this.fields.values()].map((field) => field.node));
  }

  setParameter(name, value) {
    if (value === undefined) delete this.setup.parameters[name];
    else this.setup.parameters[name] = value;
    this.changed();
  }

  resetAll() {
    this.setup.system = this.defaults.system;
    this.setup.parameters = { ...this.defaults.parameters };
    this.changed();
    this.show();
    say("All parameters are reset");
  }

  showNotes() {
    const foreign = this.setup.foreign();
    const { info } = this.setup;
    put(this.notes,
      foreign.length > 0 && el("div", { class: "note" },
        el("p", {}, `This model has no ${foreign.join(", ")}. What you set is not sent.`),
        button(foreign.length > 1 ? "Discard them" : "Discard it", () => {
          for (const name of foreign) delete this.setup.parameters[name];
          this.changed();
          this.showNotes();
        }, { class: "quiet" })),
      info.conversation === false && el("p", { class: "help" },
        "This model holds no conversation. Each message is answered by itself."));
  }

  makeSystem() {
    const { system } = this.setup.info;
    if (!system?.supported) {
      return el("p", { class: "help" },
        this.setup.system ? "This model has no system prompt. Yours is not sent." : "This model has no system prompt.");
    }
    const id = freshId("system");
    const standard = this.defaults.system ?? system.default ?? "";
    const reset = button("Reset", () => {
      area.value = standard;
      change();
      area.focus();
    }, { class: "quiet reset", "aria-label": "Reset the system prompt" });
    const area = el("textarea", { id, rows: 3, input: () => change(), placeholder: "None" });
    const change = () => {
      this.setup.system = area.value === (system.default ?? "") ? null : area.value;
      reset.hidden = area.value === standard;
      this.changed();
    };
    area.value = this.setup.system ?? system.default ?? "";
    reset.hidden = area.value === standard;
    return el("div", { class: "field" },
      el("div", { class: "row" }, el("label", { for: id }, "System prompt"), reset), area);
  }

  /// Shows an error at the parameter that it is about. False if there is no such parameter.
  showError({ param, message }) {
    const field = this.fields.get(param);
    field?.showError(message);
    field?.focus();
    return Boolean(field);
  }

  focus() {
    this.picker.focus();
  }
}
