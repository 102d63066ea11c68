// "Copy as command" and "Copy as curl".

import { post } from "./api.js";
import { copyButton } from "./copy.js";
import { el, note, put } from "./dom.js";

/// Buttons that copy what does the same outside of this page. `body` returns the request.
export function equivalent(body) {
  const shown = el("div");
  const make = (label, name) => copyButton(label, async () => {
    try {
      const { text } = await post(`/ui/equivalent/${name}`, body());
      put(shown, el("pre", { tabindex: "0", role: "group", "aria-label": label }, text));
      return text;
    } catch (error) {
      put(shown, note(error));
    }
  }, { class: "framed" });
  return el("div.equivalent",
    el("h3", "Use it elsewhere"),
    el("div.together", make("Copy as command", "command"), make("Copy as curl", "curl")),
    shown);
}
