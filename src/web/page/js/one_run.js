// A run that is not a turn of a conversation: the one-shot form, and each column of a comparison.

import { AnswerView } from "./answer.js";
import { copyButton } from "./copy.js";
import { findRun, isLive, loadRun, startRun, stopRun, watchRuns } from "./runs.js";

/// Shows one run at a time. `changed` is called whenever its state may have changed.
export class OneRun {
  #changed; #view; #stops;

  constructor({ id = null, actions = [], showsModel = true, changed }) {
    this.id = id;
    this.#changed = changed;
    this.#view = new AnswerView({ showsModel, actions: [copyButton("Copy", () => (this.run.text ?? "").trim()), ...actions] });
    this.node = this.#view.node;
    this.#show(null);
    watchRuns((run) => run.run === this.id && this.#show(run));
    if (id) loadRun(id);
  }

  /// "idle", "running" or "stopping".
  get state() {
    if (!isLive(this.run?.status)) return "idle";
    return this.#stops || this.run.status === "stopping" ? "stopping" : "running";
  }

  /// Sends a request. Throws RequestError.
  async send(request) {
    this.id = null;
    this.#stops = false;
    this.#show({ status: "sending" });
    try {
      this.id = (await startRun(request)).run;
    } catch (error) {
      this.#show(null);
      throw error;
    }
    if (findRun(this.id)) this.#show(findRun(this.id));
    if (this.#stops) await stopRun(this.id);
  }

  async stop() {
    this.#stops = true;
    this.#changed();
    if (this.id && isLive(this.run?.status)) await stopRun(this.id);
  }

  #show(run) {
    this.run = run;
    this.node.hidden = !run;
    if (run) this.#view.update(run);
    // Events leave out the text to copy.
    if (run?.done && run.text === undefined) loadRun(this.id);
    this.#changed();
  }
}
