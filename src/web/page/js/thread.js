// The messages of a conversation, from the first to the current one.

import { AnswerView } from "./answer.js";
import { Composer } from "./composer.js";
import { copyButton } from "./copy.js";
import { button, el, mark, put, unseen } from "./dom.js";
import { isLive } from "./runs.js";

class BranchView {
  constructor(step) {
    const make = (text, name, by) =>
      button(text, () => step(this.siblings[this.index + by]), { class: "quiet", "aria-label": name });
    this.back = make("‹", "Previous version", -1);
    this.next = make("›", "Next version", 1);
    this.place = el("span");
    this.node = el("span", { class: "branches", role: "group", "aria-label": "Versions" }, this.back, this.place, this.next);
  }

  update(message, siblings) {
    this.siblings = siblings;
    this.index = siblings.findIndex((each) => each.id === message.id);
    this.node.hidden = siblings.length < 2;
    this.place.textContent = `${this.index + 1}/${siblings.length}`;
    mark(this.back, "disabled", this.index === 0);
    mark(this.next, "disabled", this.index === siblings.length - 1);
  }
}

class PromptView {
  constructor(message, acts) {
    this.acts = acts;
    this.text = el("div", { class: "prompt-text" });
    this.branches = new BranchView((to) => to && acts.step(to));
    this.editor = el("div", { hidden: true });
    this.edit = button("Edit", () => this.open(), { class: "quiet" });
    this.row = el("div", { class: "answer-row" }, this.branches.node,
      el("span", { class: "actions" }, this.edit, copyButton("Copy", () => this.message.text)));
    this.node = el("article", { class: "prompt" }, unseen("h2", "You"), this.text, this.editor, this.row);
    this.update(message, [message]);
  }

  update(message, siblings) {
    this.message = message;
    if (this.text.textContent !== message.text) this.text.textContent = message.text;
    this.branches.update(message, siblings);
    this.row.hidden = Boolean(message.isPending);
  }

  open() {
    const composer = new Composer({
      label: "Edit the message",
      submit: (text) => {
        this.close();
        this.acts.edit(this.message, text);
      },
      foot: [button("Cancel", () => this.close(), { class: "quiet" })],
    });
    composer.text = this.message.text;
    composer.node.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    put(this.editor, composer.node);
    this.showEditor(true);
    composer.focus();
  }

  close() {
    this.showEditor(false);
    this.edit.focus();
  }

  showEditor(shown) {
    this.editor.hidden = !shown;
    this.text.hidden = shown;
    this.row.hidden = shown;
  }
}

class ReplyView {
  constructor(message, acts) {
    this.branches = new BranchView((to) => to && acts.step(to));
    this.answer = new AnswerView({
      before: [this.branches.node],
      actions: [
        copyButton("Copy", () => this.message.text),
        button("Retry", () => acts.retry(this.message), { class: "quiet" }),
      ],
    });
    this.node = el("article", {}, unseen("h2", "Answer"), this.answer.node);
    this.update(message, [message]);
  }

  update(message, siblings) {
    this.message = message;
    this.answer.update(message);
    this.branches.update(message, siblings);
    if (isLive(message.status)) this.branches.node.hidden = true;
  }

  close() {
    this.answer.close();
  }
}

/// Shows messages. `acts` has the functions `edit(message, text)`, `retry(message)` and
/// `step(message)`.
export class Thread {
  constructor(acts) {
    this.acts = acts;
    this.views = new Map();
    this.node = el("div", { class: "thread" });
  }

  /// Shows a path of the tree. `siblings` returns the versions of a message.
  show(path, siblings) {
    const views = new Map();
    for (const message of path) {
      const View = message.role === "user" ? PromptView : ReplyView;
      const view = this.views.get(message.id) ?? new View(message, this.acts);
      view.update(message, siblings(message));
      views.set(message.id, view);
    }
    for (const [id, view] of this.views) {
      if (views.has(id)) continue;
      view.close?.();
      view.node.remove();
    }
    this.views = views;
    let place = this.node.firstChild;
    for (const { node } of views.values()) {
      if (node === place) place = place.nextSibling;
      else this.node.insertBefore(node, place);
    }
  }

  /// Shows a message that has changed, if it is on the path.
  update(message, siblings) {
    this.views.get(message.id)?.update(message, siblings);
  }
}
