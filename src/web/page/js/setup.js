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

/// The name of an input that means the same in all models, if there is one, else its own.
export const keyOf = (input) => input.parameter || input.name;

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
    // What is secret to one model is not known to be so to the next.
    Object.assign(this, this.toKeep());
    this.info = null;
    const info = await modelInfo(model);
    if (this.model === model) this.info = info;
  }

  // The names under which values are kept: an input has a name of its own in some models.
  #keys(isWanted = () => true) {
    return (this.info?.inputs ?? []).filter(isWanted).map(keyOf);
  }

  /// The names of parameters that are set but that this model does not have.
  foreign() {
    if (!this.info || this.info.error) return [];
    const keys = this.#keys();
    return Object.keys(this.parameters).filter((key) => !keys.includes(key));
  }

  /// The members of a request.
  request() {
    const takesSystem = this.info?.system?.supported !== false;
    return { ...this.#without(this.foreign()), ...(!takesSystem && { system: null }) };
  }

  /// What may be kept in the browser: no secrets.
  toKeep() {
    return this.#without(this.#keys((input) => input.secret));
  }

  #without(keys) {
    const rest = Object.entries(this.parameters).filter(([key]) => !keys.includes(key));
    return { model: this.model, system: this.system, parameters: Object.fromEntries(rest) };
  }

  copy() {
    return new Setup(this);
  }
}
