// One answer: its text, its state, and what went wrong.

import { readAloud, say } from "./announce.js";
import { el, put } from "./dom.js";
import { clock, duration, rate, shortModel, stateName, tokens } from "./format.js";
import { show } from "./markdown.js";
import { isLive } from "./runs.js";

/// Shows an answer, which is a run of the server or a message of a conversation.
export class AnswerView {
  #text; #notes; #status; #actions; #showsModel; #answer; #timer;

  constructor({ before, actions, showsModel = true }) {
    this.#showsModel = showsModel;
    this.#text = el("div.md");
    this.#notes = el("div");
    this.#actions = el("span.actions", actions);
    this.#status = el("span.state", el("strong"), [1, 2, 3, 4].map(() => el("span")),
      el("code", { title: "Prediction ID" }));
    this.node = el("div.answer", this.#text, this.#notes,
      el("div.answer-row", before, this.#actions, this.#status));
  }

  update(answer) {
    const before = this.#answer?.status;
    const { status, blocks = [] } = answer;
    const live = isLive(status);
    this.#answer = answer;
    if (status !== before) {
      this.node.dataset.status = status;
      this.node.setAttribute("aria-busy", live);
    }
    show(this.#text, blocks);
    this.#actions.hidden = live;
    this.#showNotes(answer, live);
    clearInterval(this.#timer);
    this.#tick();
    if (live) {
      this.#timer = setInterval(() => (this.node.isConnected ? this.#tick() : clearInterval(this.#timer)), 1000);
    }
    if (before && before !== status) this.#announce(answer, live);
  }

  #showNotes({ warnings = [], error, blocks = [] }, live) {
    put(this.#notes, warnings.length > 0 && el("div.note", warnings.map((text) => el("p", text))),
      error && !live && el("div.note.error", el("p", error.message), error.remedy && el("p", error.remedy),
        blocks.length > 0 && el("p", "What had arrived is kept.")));
  }

  #announce(answer, live) {
    const { status, error } = answer;
    say([stateName(status), error?.message, error?.remedy, ...(live ? [] : this.#facts(answer))].filter(Boolean).join(". "));
    if (live) return;
    const parts = this.#text.querySelectorAll("p, h3, h4, h5, h6, pre, th, td");
    readAloud([...parts].map((part) => part.textContent).join("\n"));
  }

  #tick() {
    const { prediction } = this.#answer;
    const texts = [this.#state(), ...this.#facts(this.#answer), prediction];
    // What stays the same is not touched: this happens ten times a second.
    [...this.#status.children].forEach((part, index) => {
      if (part.textContent !== (texts[index] || "")) part.textContent = texts[index] || "";
    });
  }

  #state() {
    const { status, queue_position: place, boot_seconds: boot, created_at: created, at } = this.#answer;
    if (status === "succeeded") return "";
    // By the server's clock, or else by the browser's.
    const since = status === "booting" && boot >= 0 && at ? at - 1000 * boot : Date.parse(created);
    const waited = since ? ` for ${clock(Math.max(0, Date.now() - since) / 1000)}` : "";
    const line = place > 0 ? `, number ${place} in line` : "";
    if (status === "queued") return `Queued${waited}${line}`;
    if (status === "booting") return `Booting${waited}. A cold model can take minutes`;
    return stateName(status);
  }

  #facts({ model, tokens: used, seconds, tokens_per_second: speed }) {
    return [
      this.#showsModel && model && shortModel(model),
      used?.out > 0 && tokens(used.out),
      seconds >= 0.05 && duration(seconds),
      seconds >= 0.05 && speed > 0 && rate(speed),
    ];
  }
}
