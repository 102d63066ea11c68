// One parameter of a model: its control, what it allows, and a way back to the default.

import { button, el, freshId, mark, set } from "./dom.js";
import { capital } from "./format.js";

const kLongestSlider = 10_000;

const isKnown = (value) => value !== null && value !== undefined;

/// "0.01 to 5", "1 or more" or nothing.
function rangeOf({ minimum, maximum }) {
  if (isKnown(minimum)) return isKnown(maximum) ? `${minimum} to ${maximum}` : `${minimum} or more`;
  return isKnown(maximum) ? `up to ${maximum}` : "";
}

function describe(input) {
  const shown = input.default === true ? "on" : input.default === false ? "off" : String(input.default ?? "");
  const text = [
    rangeOf(input),
    shown && shown.length <= 40 && `default ${shown.replaceAll("\n", "⏎")}`,
    input.required && "required",
  ].filter(Boolean).join(", ");
  return capital(text);
}

// A control is { node, write(value), read() }, and what else it has. An undefined value is not set.

function numberControl(input, id, change) {
  const { minimum: min, maximum: max } = input;
  const isWhole = input.type === "integer";
  const node = el("input.number", {
    id, type: "number", min, max, step: isWhole ? 1 : "any", placeholder: "not set",
    input: () => {
      follow();
      change();
    },
  });
  const slider = isKnown(min) && isKnown(max) && max - min <= kLongestSlider && el("input", {
    type: "range", min, max, step: isWhole ? 1 : max - min > 10 ? 0.1 : 0.01, "aria-label": input.title || input.name,
    // A slider counts its steps from the minimum, which gives 0.01, 0.02, 1.01 for 0.01 to 5.
    input: () => {
      node.value = isWhole ? slider.value : Number(Number(slider.value).toFixed(2));
      change();
    },
  });
  const follow = () => {
    if (!slider) return;
    slider.value = node.value || (input.default ?? min);
    set(slider, "aria-valuetext", node.value ? null : "not set");
  };
  return {
    node,
    slider,
    isBeside: true,
    write: (value) => {
      node.value = value ?? "";
      follow();
    },
    read: () => (node.value === "" ? undefined : Number(node.value)),
    wrong: () => {
      if (node.validity.valid) return "";
      const kind = isWhole ? "a whole number" : "a number";
      return rangeOf(input) ? `Use ${kind}, ${rangeOf(input)}.` : `Use ${kind}.`;
    },
  };
}

function switchControl(id, change) {
  const node = el("input.switch", { id, type: "checkbox", role: "switch", change });
  return { node, isBeside: true, write: (value) => (node.checked = value ?? false), read: () => node.checked };
}

function choiceControl({ choices }, id, change) {
  const label = (value) => (typeof value === "string" ? value : JSON.stringify(value));
  const values = [undefined, ...choices];
  const node = el("select", { id, change }, el("option", "Not set"), choices.map((value) => el("option", label(value))));
  return {
    node,
    write: (value) => (node.selectedIndex = Math.max(0, values.findIndex((each) => label(each) === label(value)))),
    read: () => values[node.selectedIndex],
  };
}

function textControl({ multiline, secret, type }, id, change) {
  const node = multiline && !secret
    ? el("textarea", { id, rows: 3, input: change })
    : el("input", {
        id, type: secret && "password", autocomplete: "off", spellcheck: "false",
        placeholder: type === "file" && "https://", input: change,
      });
  return { node, write: (value) => (node.value = value ?? ""), read: () => node.value };
}

function makeControl(input, id, change) {
  if (input.choices?.length) return choiceControl(input, id, change);
  if (input.type === "number" || input.type === "integer") return numberControl(input, id, change);
  return input.type === "boolean" ? switchControl(id, change) : textControl(input, id, change);
}

/// Makes the field of an input. `standard` is the value it goes back to, undefined for the model's
/// own default; `changed` receives each new value, undefined if it is the model's default.
export function makeField(input, { value, standard, changed }) {
  const id = freshId(input.name);
  const label = input.title || input.name;
  // A text that is empty and has no default is not set.
  const own = input.default ?? (input.type === "boolean" ? false : undefined);
  const control = makeControl(input, id, () => {
    update();
    const now = control.read();
    changed(now === own || (now === "" && own === undefined) ? undefined : now);
  });
  const { node, slider, isBeside } = control;
  const error = el("p.field-error", { id: `${id}-error` });
  const showError = (text) => {
    error.textContent = text;
    mark(node, "invalid", text);
  };
  const back = standard ?? own;
  const reset = button("Reset", () => {
    control.write(back);
    update();
    changed(standard);
    node.focus();
  }, { "aria-label": `Reset ${label}` });
  const update = () => {
    reset.hidden = (control.read() ?? "") === (back ?? "");
    showError(control.wrong?.() ?? "");
  };
  set(node, "aria-describedby", `${id}-help ${id}-error`);
  control.write(value ?? own);
  update();
  return {
    node: el("div.field",
      el("div.row", el("label", { for: id }, label), reset, isBeside && node),
      isBeside ? slider : node,
      el("div.help", { id: `${id}-help` }, [
        input.help, describe(input), input.type === "file" && "This page sends no files. Enter the address of one.",
      ].map((text) => text && el("p", text))),
      error),
    showError,
    focus: () => node.focus(),
  };
}
