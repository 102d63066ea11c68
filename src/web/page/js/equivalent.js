// "Copy as command" and "Copy as curl".

import { post } from "./api.js";
import { copyButton } from "./copy.js";
import { el, note, put } from "./dom.js";

/// Buttons that copy what does the same outside of this page. `body` returns the request.
export function equivalent(body) {
  const shown = el("div");
  const make = (label, name) => copyButton(label, async () => {
    try {
      const text = (await post("/ui/equivalent", body()))[name];
      put(shown, text
        ? el("pre", { tabindex: "0", role: "group", "aria-label": label }, text)
        : note({ message: "No command continues a conversation that is not recorded." }));
      return text ?? undefined;
    } catch (error) {
      put(shown, note(error));
    }
  }, { class: "framed" });
  return el("div.equivalent",
    el("h3", "Use it elsewhere"),
    el("div.together", make("Copy as command", "command"), make("Copy as curl", "curl")),
    shown);
}
