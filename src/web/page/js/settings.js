// The model, the system prompt and the parameters, as controls.

import { say } from "./announce.js";
import { button, el, freshId, note, put } from "./dom.js";
import { makeField } from "./field.js";
import { ModelPicker } from "./model_picker.js";
import { keyOf } from "./setup.js";

/// Controls that change a Setup. `defaults` is the Setup that the server starts with; `changed` is
/// called after each change.
export class Settings {
  #defaults; #changed; #picker; #notes; #inputs; #setup; #fields = new Map();

  constructor(setup, { models, defaults, changed }) {
    this.#defaults = defaults;
    this.#changed = changed;
    this.#picker = new ModelPicker(models, setup.model, (model) => this.#pick(model));
    this.#notes = el("div");
    this.#inputs = el("div");
    this.node = el("div.settings", this.#picker.node, this.#notes, this.#inputs);
    this.use(setup);
  }

  /// Shows another Setup, and changes that one from now on.
  async use(setup) {
    this.#setup = setup;
    this.#picker.show(setup.model);
    put(this.#notes, el("p.help", "Reading the model’s parameters…"));
    try {
      await setup.load();
    } catch (error) {
      if (setup === this.#setup) this.#showProblem(error);
      return;
    }
    if (setup === this.#setup && setup.info) this.#show();
  }

  async #pick(model) {
    this.#setup.model = model;
    this.#changed();
    await this.use(this.#setup);
    const foreign = this.#setup.foreign();
    if (foreign.length > 0) say(`${model} has no ${foreign.join(", ")}`);
  }

  #showProblem(error) {
    put(this.#inputs);
    put(this.#notes, note(error, button("Try again", () => this.use(this.#setup))));
  }

  #show() {
    const { model, parameters, info } = this.#setup;
    if (info.error) {
      this.#showProblem({ message: info.error });
      return;
    }
    this.#picker.show(model, info.description);
    this.#showNotes();
    this.#fields = new Map(info.inputs.map((input) => {
      const key = keyOf(input);
      return [input, makeField(input, {
        value: parameters[key],
        standard: this.#defaults.parameters[key],
        changed: (value) => {
          if (value === undefined) delete this.#setup.parameters[key];
          else this.#setup.parameters[key] = value;
          this.#changed();
        },
      })];
    }));
    put(this.#inputs, this.#makeSystem(info.system),
      info.inputs.length > 0 && el("div.row", el("h3", "Parameters"), button("Reset all", () => this.#resetAll())),
      [...this.#fields.values()].map((field) => field.node));
  }

  #resetAll() {
    Object.assign(this.#setup, this.#defaults.copy(), { model: this.#setup.model, info: this.#setup.info });
    this.#changed();
    this.#show();
    say("All parameters are reset");
  }

  #showNotes() {
    const { info } = this.#setup;
    const foreign = this.#setup.foreign();
    put(this.#notes,
      foreign.length > 0 && el("div.note",
        el("p", `This model has no ${foreign.join(", ")}. What you set is not sent.`)),
      info.conversation === false && el("p.help",
        "This model holds no conversation. Each message is answered by itself."));
  }

  #makeSystem(system) {
    if (!system?.supported) {
      return el("p.help", "This model has no system prompt.", this.#setup.system && " Yours is not sent.");
    }
    const id = freshId("system");
    const own = system.default ?? "";
    const standard = this.#defaults.system ?? own;
    const change = () => {
      this.#setup.system = area.value === own ? null : area.value;
      reset.hidden = area.value === standard;
      this.#changed();
    };
    const area = el("textarea", { id, rows: 3, placeholder: "None", input: change });
    const reset = button("Reset", () => {
      area.value = standard;
      change();
      area.focus();
    }, { "aria-label": "Reset the system prompt" });
    area.value = this.#setup.system ?? own;
    reset.hidden = area.value === standard;
    return el("div.field", el("div.row", el("label", { for: id }, "System prompt"), reset), area);
  }

  /// Shows an error at the parameter that it is about. False if there is no such parameter.
  showError({ param, message }) {
    for (const [input, field] of this.#fields) {
      if (!param || ![keyOf(input), input.name].includes(param)) continue;
      field.showError(message);
      field.focus();
      return true;
    }
    return false;
  }

  focus() {
    this.#picker.focus();
  }
}
