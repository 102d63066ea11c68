// One answer: its text, its state, and what went wrong.

import { readAloud, say } from "./announce.js";
import { el, put } from "./dom.js";
import { clock, count, duration, rate, shortModel, stateName } from "./format.js";
import { show, textOf } from "./markdown.js";
import { isLive } from "./runs.js";

/// Shows an answer, which is a run of the server or a message of a conversation.
export class AnswerView {
  constructor({ before = [], actions = [], showsModel = true } = {}) {
    this.showsModel = showsModel;
    this.text = el("div", { class: "md" });
    this.error = el("div", { class: "note error", hidden: true });
    this.warnings = el("div", { class: "note", hidden: true });
    this.status = el("span", { class: "state" });
    this.actions = el("span", { class: "actions" }, actions);
    this.node = el("div", { class: "answer" }, this.text, this.warnings, this.error,
      el("div", { class: "answer-row" }, ...before, this.actions, this.status));
  }

  update(answer) {
    const before = this.answer;
    this.answer = answer;
    const live = isLive(answer.status) || answer.status === "sending";
    this.node.dataset.status = answer.status;
    this.node.setAttribute("aria-busy", String(live));
    show(this.text, answer.blocks ?? []);
    this.actions.hidden = live;
    this.showProblems(answer, live);
    this.since = { at: answer.at ?? Date.now(), seconds: this.waited(answer) };
    this.tick();
    clearInterval(this.timer);
    if (live) this.timer = setInterval(() => this.tick(), 1000);
    if (before && before.status !== answer.status) this.announce(answer, live);
  }

  // Seconds that a run has waited, as of now, by the server's clock or else by the browser's.
  waited(answer) {
    if (answer.status === "booting" && Number.isFinite(answer.boot_seconds)) return answer.boot_seconds;
    const since = Date.parse(answer.created_at ?? "");
    return Number.isFinite(since) ? Math.max(0, (Date.now() - since) / 1000) : 0;
  }

  showProblems(answer, live) {
    const { error } = answer;
    const hasText = (answer.blocks ?? []).length > 0;
    this.error.hidden = !error || live;
    if (!this.error.hidden) {
      put(this.error, el("p", {}, error.message ?? String(error)), error.remedy && el("p", {}, error.remedy),
        hasText && el("p", {}, "What had arrived is kept above."));
    }
    const warnings = answer.warnings ?? [];
    this.warnings.hidden = warnings.length === 0;
    put(this.warnings, warnings.map((text) => el("p", {}, text)));
  }

  announce(answer, live) {
    if (live) {
      say(stateName(answer.status));
      return;
    }
    if (answer.status === "succeeded") say(`Done. ${this.facts(answer).join(", ")}`);
    else say([stateName(answer.status), answer.error?.message, answer.error?.remedy].filter(Boolean).join(". "));
    readAloud((answer.blocks ?? []).map(textOf).join(""));
  }

  tick() {
    const { answer } = this;
    const parts = this.facts(answer);
    const state = this.state(answer);
    put(this.status, state && el("strong", {}, state), parts.map((part) => el("span", {}, part)),
      answer.prediction && el("code", { title: "Prediction ID" }, answer.prediction));
    if (!isLive(answer.status)) clearInterval(this.timer);
  }

  state(answer) {
    const waited = clock(this.since.seconds + (Date.now() - this.since.at) / 1000);
    switch (answer.status) {
      case "succeeded": return "";
      case "queued":
        return answer.queue_position > 0
          ? `Queued, number ${answer.queue_position} in line, for ${waited}` : `Queued for ${waited}`;
      case "booting": return `Booting for ${waited}. A cold model can take minutes`;
      default: return stateName(answer.status);
    }
  }

  facts(answer) {
    const facts = [];
    const tokens = answer.tokens?.out;
    if (this.showsModel && answer.model) facts.push(shortModel(answer.model));
    if (tokens > 0) facts.push(count(tokens, "token"));
    if (answer.seconds > 0) facts.push(duration(answer.seconds));
    if (answer.tokens_per_second > 0) facts.push(rate(answer.tokens_per_second));
    return facts;
  }

  /// Ends its clock. To be called when it is no longer shown.
  close() {
    clearInterval(this.timer);
  }
}
