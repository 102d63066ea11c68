// What a prompt is sent with: the model, the system prompt and the parameters.

import { get } from "./api.js";

const asked = new Map();

/// What the server knows of a model: its inputs and its system prompt.
export function modelInfo(ref) {
  if (!asked.has(ref)) {
    const answer = get(`/ui/model?ref=${encodeURIComponent(ref)}`);
    answer.then((info) => info.error && asked.delete(ref), () => asked.delete(ref));
    asked.set(ref, answer);
  }
  return asked.get(ref);
}

/// The model, `system` (null: the model's own) and the values that differ from the model's defaults.
export class Setup {
  constructor({ model, system = null, parameters = {} }) {
    this.model = model;
    this.system = system;
    this.parameters = { ...parameters };
    this.info = null;
  }

  /// Reads what the model accepts. Throws RequestError.
  async load() {
    const { model } = this;
    this.info = null;
    const info = await modelInfo(model);
    if (this.model === model) this.info = info;
  }

  /// The names of parameters that are set but that this model does not have.
  foreign() {
    if (!this.info?.inputs || this.info.error) return [];
    const names = this.info.inputs.map((input) => input.name);
    return Object.keys(this.parameters).filter((name) => !names.includes(name));
  }

  /// The members of a request.
  request() {
    const foreign = this.foreign();
    const own = Object.entries(this.parameters).filter(([name]) => !foreign.includes(name));
    const takesSystem = this.info?.system?.supported !== false;
    return { model: this.model, system: takesSystem ? this.system : null, parameters: Object.fromEntries(own) };
  }

  /// What may be kept in the browser: no secrets.
  toKeep() {
    const secret = (this.info?.inputs ?? []).filter((input) => input.secret).map((input) => input.name);
    const open = Object.entries(this.parameters).filter(([name]) => !secret.includes(name));
    return { model: this.model, system: this.system, parameters: Object.fromEntries(open) };
  }

  copy() {
    return new Setup(this);
  }
}
