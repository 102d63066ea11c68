// The one-shot form: a title, a description, a text in, a text out.

import { Composer } from "./composer.js";
import { el } from "./dom.js";
import { keptHere } from "./keep.js";
import { OneRun } from "./one_run.js";
import { introduction } from "./welcome.js";

/// The form. `page` has `state`, `setup`, `hint` and the functions `showParameterError(error)` and
/// `title(text, isLive)`.
export class Single {
  #page; #run; #empty;

  constructor(page, foot) {
    this.#page = page;
    this.composer = new Composer({
      id: "message", label: "Your text", placeholder: "Enter a text", action: "Submit", draft: "single", foot,
      submit: (text) => this.#send(text),
      stop: () => this.#run.stop().catch((error) => this.composer.showError(error)),
    });
    this.composer.area.rows = 3;
    this.#empty = el("p.help", "The answer appears here.");
    this.#run = new OneRun({ id: keptHere.get("single"), changed: () => this.#run && this.#showState() });
    this.node = el("div.single",
      ...introduction(page.state, this.composer), this.composer.node,
      el("section.output", { "aria-labelledby": "output" },
        el("h2", { id: "output" }, "Answer"), this.#run.node, this.#empty),
      el("p.hint", page.hint));
  }

  async #send(prompt) {
    // The text stays: it is changed and submitted again.
    this.composer.text = prompt;
    try {
      await this.#run.send({
        prompt, ...this.#page.setup.request(), record: this.#page.state.recording, single: true,
      });
    } catch (error) {
      this.#page.showParameterError(error);
      throw error;
    } finally {
      keptHere.set("single", this.#run.id);
    }
  }

  #showState() {
    this.#empty.hidden = Boolean(this.#run.run);
    this.composer.show(this.#run.state);
    this.#page.title("", this.#run.state !== "idle");
  }
}
