// The messages of a conversation, from the first to the current one.

import { AnswerView } from "./answer.js";
import { Composer } from "./composer.js";
import { copyButton } from "./copy.js";
import { button, el, mark, put, unseen } from "./dom.js";
import { isLive } from "./runs.js";

class BranchView {
  #siblings; #index; #back; #next; #place;

  constructor(step) {
    const make = (text, label, by) => button(text, () => {
      const to = this.#siblings[this.#index + by];
      if (to) step(to);
    }, { "aria-label": label });
    this.#back = make("‹", "Previous version", -1);
    this.#next = make("›", "Next version", 1);
    this.#place = el("span");
    this.node = el("span.branches", { role: "group", "aria-label": "Versions" }, this.#back, this.#place, this.#next);
  }

  update({ id, status }, siblings) {
    const last = siblings.length - 1;
    this.#siblings = siblings;
    this.#index = siblings.findIndex((each) => each.id === id);
    this.node.hidden = last < 1 || isLive(status);
    this.#place.textContent = `${this.#index + 1}/${last + 1}`;
    mark(this.#back, "disabled", this.#index === 0);
    mark(this.#next, "disabled", this.#index === last);
  }
}

class PromptView {
  #acts; #text; #branches; #editor; #edit; #row; #message;

  constructor(acts) {
    this.#acts = acts;
    this.#text = el("div.prompt-text");
    this.#branches = new BranchView(acts.step);
    this.#editor = el("div");
    this.#edit = button("Edit", () => this.#open());
    this.#row = el("div.answer-row", this.#branches.node,
      el("span.actions", this.#edit, copyButton("Copy", () => this.#message.text)));
    this.node = el("article.prompt", unseen("h2", "You"), this.#text, this.#editor, this.#row);
  }

  update(message, siblings) {
    this.#message = message;
    if (this.#text.textContent !== message.text) put(this.#text, message.text);
    this.#branches.update(message, siblings);
    this.#row.hidden = message.isPending;
  }

  #open() {
    const composer = new Composer({
      label: "Edit the message",
      submit: (text) => {
        this.#show(null);
        this.#acts.edit(this.#message, text);
      },
      foot: button("Cancel", () => this.#show(null)),
    });
    composer.text = this.#message.text;
    composer.node.addEventListener("keydown", (event) => event.key === "Escape" && this.#show(null));
    this.#show(composer.node);
    composer.focus();
  }

  // The message, or an editor in its place.
  #show(editor) {
    put(this.#editor, editor);
    this.#text.hidden = editor;
    this.#row.hidden = editor;
    if (!editor) this.#edit.focus();
  }
}

class ReplyView {
  #branches; #answer; #message;

  constructor(acts) {
    this.#branches = new BranchView(acts.step);
    this.#answer = new AnswerView({
      before: this.#branches.node,
      actions: [copyButton("Copy", () => this.#message.text.trim()), button("Retry", () => acts.retry(this.#message))],
    });
    this.node = el("article", unseen("h2", "Answer"), this.#answer.node);
  }

  update(message, siblings) {
    this.#message = message;
    this.#answer.update(message);
    this.#branches.update(message, siblings);
  }
}

/// Shows messages. `acts` has the functions `edit(message, text)`, `retry(message)` and
/// `step(message)`.
export class Thread {
  #acts; #views = new Map();

  constructor(acts) {
    this.#acts = acts;
    this.node = el("div.thread");
  }

  /// Shows a path of the tree. `siblings` returns the versions of a message.
  show(path, siblings) {
    const views = new Map();
    for (const message of path) {
      const View = message.role === "user" ? PromptView : ReplyView;
      const view = this.#views.get(message.id) ?? new View(this.#acts);
      view.update(message, siblings(message));
      views.set(message.id, view);
    }
    for (const [id, { node }] of this.#views) if (!views.has(id)) node.remove();
    this.#views = views;
    let place = this.node.firstChild;
    for (const { node } of views.values()) {
      if (node === place) place = place.nextSibling;
      else this.node.insertBefore(node, place);
    }
  }

  /// A message that is shown has another ID from now on.
  rename(from, to) {
    const view = this.#views.get(from);
    if (view) this.#views.delete(from) && this.#views.set(to, view);
  }

  /// Shows a message that has changed, if it is on the path.
  update(message, siblings) {
    this.#views.get(message.id)?.update(message, siblings);
  }
}
