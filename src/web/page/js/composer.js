// The box in which a prompt is written.

import { RequestError } from "./api.js";
import { button, el, freshId, mark, note, put } from "./dom.js";
import { kept } from "./keep.js";

/// A prompt box. `submit` receives the text; if it throws, the text is put back and the error shown.
/// `stop` is called when the user stops what is running. What is typed is kept under the name `draft`.
export class Composer {
  #submit; #state; #sender; #stopper; #problem; #draft;

  constructor({ id = freshId("prompt"), label, placeholder, action = "Send", draft, submit, stop, foot }) {
    this.#submit = submit;
    this.area = el("textarea", {
      id, rows: 1, placeholder, autocomplete: "off",
      input: () => (this.text = this.area.value),
      keydown: (event) => this.#key(event),
    });
    this.#sender = button(action, () => this.#send(), { class: "primary send" });
    this.#stopper = button("Stop", () => stop(), { class: "framed stop" });
    this.#problem = el("div", { role: "alert" });
    this.node = el("div.composer",
      this.#problem,
      el("div.box",
        el("label.unseen", { for: id }, label), this.area,
        el("div.box-row", foot, el("span.space"), this.#stopper, this.#sender)));
    this.useDraft(draft);
    this.show("idle");
  }

  get text() {
    return this.area.value;
  }

  set text(text) {
    if (this.area.value !== text) this.area.value = text;
    if (this.#draft) kept.set(this.#draft, text);
    // Where the style sheet cannot let the box grow with its text.
    if (!CSS.supports("field-sizing", "content")) this.area.rows = Math.min(10, text.split("\n").length);
    mark(this.#sender, "disabled", text.trim() === "");
  }

  /// Shows the draft of that name.
  useDraft(name) {
    this.#draft = name && `draft.${name}`;
    this.text = (name && kept.get(this.#draft)) || "";
    this.showError(null);
  }

  /// The draft belongs to something that has a name now.
  moveDraft(name) {
    const { text } = this;
    this.text = "";
    this.useDraft(name);
    this.text = text;
  }

  #key(event) {
    // An Enter that ends the choice of an input method belongs to it. Safari reports that one after
    // the composition has ended, with the code 229.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#send();
  }

  async #send() {
    const { text } = this;
    if (text.trim() === "" || this.#state !== "idle") return;
    this.showError(null);
    this.text = "";
    const draft = this.#draft;
    try {
      await this.#submit(text);
    } catch (error) {
      if (this.#draft === draft && this.text === "") this.text = text;
      this.showError(error);
    }
  }

  /// "idle", "running" or "stopping".
  show(state) {
    if (state === this.#state) return;
    const hadFocus = [this.#sender, this.#stopper].includes(document.activeElement);
    this.#state = state;
    this.#sender.hidden = state !== "idle";
    this.#stopper.hidden = state === "idle";
    this.#stopper.textContent = state === "stopping" ? "Stopping…" : "Stop";
    mark(this.#stopper, "disabled", state === "stopping");
    if (hadFocus) (state === "idle" ? this.area : this.#stopper).focus();
  }

  showError(error) {
    if (error && !(error instanceof RequestError)) throw error;
    put(this.#problem, error && note(error));
  }

  focus() {
    this.area.focus();
  }
}
