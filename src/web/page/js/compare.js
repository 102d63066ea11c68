// The same prompt for two or three models, or for one with different settings.

import { ignoreRefusal } from "./api.js";
import { Composer } from "./composer.js";
import { button, el, framed, note, put } from "./dom.js";
import { shortModel } from "./format.js";
import { kept, keptHere } from "./keep.js";
import { OneRun } from "./one_run.js";
import { Follower } from "./scroll.js";
import { Settings } from "./settings.js";
import { Setup } from "./setup.js";

const kMost = 3;

class Column {
  #settings; #title; #remover; #problem;

  constructor(compare, setup, run) {
    const { models } = compare.page.state;
    this.setup = setup;
    this.#settings = new Settings(setup, { models, defaults: compare.page.defaults, changed: () => compare.changed() });
    this.#title = el("h2");
    this.#remover = button("Remove", () => compare.remove(this));
    this.#problem = el("div", { role: "alert" });
    const use = button("Use these settings", () => compare.page.chatWith(setup.copy()));
    this.run = new OneRun({ id: run, showsModel: false, actions: [use], changed: () => compare.showState() });
    this.node = el("section.column",
      el("div.row", this.#title, this.#remover),
      el("details", el("summary", "Model and parameters"), this.#settings.node),
      this.#problem, this.run.node);
  }

  number(index, isRemovable) {
    put(this.#title, `${index + 1}. ${shortModel(this.setup.model)}`);
    this.#remover.hidden = !isRemovable;
  }

  async send(prompt) {
    put(this.#problem);
    try {
      await this.run.send({ prompt, ...this.setup.request(), record: false, compare: true });
    } catch (error) {
      put(this.#problem, note(error));
      this.#settings.showError(error);
    }
  }
}

/// The view that compares. `page` has `state`, `setup`, `defaults` and the functions
/// `chatWith(setup)` and `title(text, isLive)`.
export class Compare {
  #columns = []; #composer; #list; #adder; #prompt; #follower;

  constructor(page) {
    this.page = page;
    this.#composer = new Composer({
      id: "message", label: "Prompt for all", placeholder: "Ask all of them", draft: "compare",
      submit: (text) => this.#send(text),
      stop: () => this.#columns.forEach(({ run }) => run.stop().catch((error) => this.#composer.showError(error))),
    });
    this.#list = el("div.columns");
    this.#adder = framed("Add a third", () => this.#add());
    this.#prompt = el("div.prompt-text", { hidden: true });
    this.#follower = new Follower();
    this.node = el("div.compare",
      el("div.row", el("h1", "Compare"), this.#adder), this.#prompt, this.#list,
      el("div.dock", this.#follower.jump, this.#composer.node,
        el("p.hint", "Comparisons are not part of a conversation.")));
  }

  /// Shows what this tab compared last, or the current settings twice.
  open() {
    this.showState();
    if (this.#columns.length > 0) return;
    const last = keptHere.get("compared") ?? {};
    const setups = kept.get("compare") ?? [this.page.setup, this.page.setup];
    setups.forEach((each, index) => this.#columns.push(new Column(this, new Setup(each), last.runs?.[index])));
    this.#showPrompt(last.prompt);
    this.#show();
  }

  #show() {
    put(this.#list, this.#columns.map((column) => column.node));
    this.#adder.hidden = this.#columns.length >= kMost;
    this.#number();
  }

  #number() {
    this.#columns.forEach((column, index) => column.number(index, this.#columns.length > 2));
  }

  changed() {
    this.#number();
    kept.set("compare", this.#columns.map((column) => column.setup.toKeep()));
  }

  #add() {
    this.#columns.push(new Column(this, this.#columns.at(-1).setup.copy(), null));
    this.#show();
    this.changed();
  }

  remove(column) {
    column.run.stop().catch(ignoreRefusal);
    this.#columns = this.#columns.filter((each) => each !== column);
    this.#show();
    this.changed();
    this.#composer.focus();
  }

  #showPrompt(text) {
    this.#prompt.hidden = !text;
    put(this.#prompt, text);
  }

  async #send(prompt) {
    this.#showPrompt(prompt);
    this.#follower.toEnd();
    await Promise.all(this.#columns.map((column) => column.send(prompt)));
    keptHere.set("compared", { prompt, runs: this.#columns.map(({ run }) => run.id) });
  }

  showState() {
    const states = this.#columns.map(({ run }) => run.state).filter((state) => state !== "idle");
    this.#composer.show(states.length === 0 ? "idle" : states.includes("running") ? "running" : "stopping");
    if (this.node.isConnected) this.page.title("Compare", states.length > 0);
    this.#follower.grown();
  }
}
