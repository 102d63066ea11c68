// One parameter of a model: its control, what it allows, and a way back to the default.

import { button, el, freshId, mark, set } from "./dom.js";

const kLongestSlider = 10_000;

const isNumber = (input) => input.type === "number" || input.type === "integer";
const isKnown = (value) => value !== null && value !== undefined;

/// Text for people: "0.01 to 5, default 0.75".
function describe(input) {
  const parts = [];
  if (isNumber(input)) {
    const { minimum, maximum } = input;
    if (isKnown(minimum) && isKnown(maximum)) parts.push(`${minimum} to ${maximum}`);
    else if (isKnown(minimum)) parts.push(`${minimum} or more`);
    else if (isKnown(maximum)) parts.push(`up to ${maximum}`);
  }
  const standard = input.default;
  if (isKnown(standard) && standard !== "" && String(standard).length <= 40) {
    const text = typeof standard === "boolean" ? (standard ? "on" : "off") : String(standard);
    parts.push(`default ${text.replaceAll("\n", "⏎")}`);
  }
  if (input.required) parts.push("required");
  const text = parts.join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function stepOf({ type, minimum, maximum }) {
  if (type === "integer") return 1;
  return maximum - minimum <= 10 ? 0.01 : 0.1;
}

// Each control is { node, extra, write(value), read() }. Undefined stands for "not set".

function numberControl(input, id, change) {
  const { minimum, maximum } = input;
  const field = el("input", {
    id, type: "number", inputmode: input.type === "integer" ? "numeric" : "decimal", min: minimum, max: maximum,
    step: input.type === "integer" ? 1 : "any", placeholder: input.default ?? "not set", class: "number",
  });
  const slides = isKnown(minimum) && isKnown(maximum) && maximum - minimum <= kLongestSlider;
  const slider = slides && el("input", {
    type: "range", min: minimum, max: maximum, step: stepOf(input), "aria-label": input.title || input.name,
    // Chromium's slider counts its steps from the minimum, which gives 0.01, 1.01, 2.01 for 0.01 to 5.
    input: () => {
      field.value = input.type === "integer" ? slider.value : String(Number(Number(slider.value).toFixed(2)));
      change();
    },
  });
  const follow = () => {
    const value = field.value === "" ? (input.default ?? minimum) : field.value;
    if (slider) slider.value = value;
    if (slider) set(slider, "aria-valuetext", field.value === "" && !isKnown(input.default) ? "not set" : null);
  };
  field.addEventListener("input", () => {
    follow();
    change();
  });
  return {
    node: field,
    extra: slider,
    write: (value) => {
      field.value = value ?? input.default ?? "";
      follow();
    },
    read: () => (field.value === "" ? undefined : Number(field.value)),
    wrong: () => {
      const { badInput, rangeUnderflow, rangeOverflow, stepMismatch } = field.validity;
      if (badInput || stepMismatch) return input.type === "integer" ? "Use a whole number." : "Use a number.";
      return rangeUnderflow || rangeOverflow ? `Use a number in this range: ${describe({ ...input, default: null, required: false }).toLowerCase()}.` : "";
    },
  };
}

function switchControl(input, id, change) {
  const box = el("input", { id, type: "checkbox", role: "switch", class: "switch", change });
  return { node: box, write: (value) => (box.checked = value ?? input.default ?? false), read: () => box.checked };
}

function choiceControl(input, id, change) {
  const label = (value) => (typeof value === "string" ? value : JSON.stringify(value));
  const list = el("select", { id, change },
    !isKnown(input.default) && el("option", { value: "" }, "Not set"),
    input.choices.map((value, index) => el("option", { value: index }, label(value))));
  const indexOf = (value) => input.choices.findIndex((each) => label(each) === label(value));
  return {
    extra: list,
    write: (value) => (list.value = isKnown(value ?? input.default) ? indexOf(value ?? input.default) : ""),
    read: () => (list.value === "" ? undefined : input.choices[list.value]),
  };
}

function textControl(input, id, change) {
  const isLong = input.multiline && !input.secret;
  const field = isLong
    ? el("textarea", { id, rows: 3, input: change })
    : el("input", { id, type: input.secret ? "password" : "text", autocomplete: "off", spellcheck: "false", input: change });
  if (input.type === "file") field.placeholder = "https://";
  return {
    extra: field,
    write: (value) => (field.value = value ?? input.default ?? ""),
    read: () => (field.value === "" && !input.default ? undefined : field.value),
  };
}

function makeControl(input, id, change) {
  if (input.choices?.length) return choiceControl(input, id, change);
  if (isNumber(input)) return numberControl(input, id, change);
  if (input.type === "boolean") return switchControl(input, id, change);
  return textControl(input, id, change);
}

/// Makes the field of an input. `standard` is the value it goes back to, undefined for the model's
/// own default; `changed` receives each new value, undefined if it is the model's default.
export function makeField(input, { value, standard, changed }) {
  const id = freshId(input.name);
  const describedBy = `${id}-help ${id}-error`;
  const error = el("p", { id: `${id}-error`, class: "field-error" });
  const reset = button("Reset", () => {
    control.write(standard);
    tell();
    (control.node ?? control.extra).focus();
  }, { class: "quiet reset", "aria-label": `Reset ${input.title || input.name}` });
  const control = makeControl(input, id, () => tell());
  const main = control.node ?? control.extra;
  set(main, "aria-describedby", describedBy);
  const showError = (text) => {
    error.textContent = text;
    mark(main, "invalid", text);
  };
  const current = () => {
    const now = control.read();
    return now === input.default ? undefined : now;
  };
  const update = () => {
    reset.hidden = (current() ?? input.default) === (standard ?? input.default);
    showError(control.wrong?.() ?? "");
  };
  function tell() {
    update();
    changed(current());
  }
  control.write(value);
  update();
  const help = [input.help, describe(input)].filter(Boolean);
  const node = el("div", { class: "field" },
    el("div", { class: "row" }, el("label", { for: id }, input.title || input.name), reset, control.node),
    control.extra,
    el("div", { id: `${id}-help`, class: "help" },
      help.map((text) => el("p", {}, text)),
      input.type === "file" && el("p", {}, "This page sends no files. Enter the address of one.")),
    error);
  return { node, showError, focus: () => main.focus() };
}
