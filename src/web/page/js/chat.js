// A conversation: sending, stopping, trying again, editing, and its branches.

import { say } from "./announce.js";
import { get, ignoreRefusal, post } from "./api.js";
import { Composer } from "./composer.js";
import { el, put, unseen } from "./dom.js";
import { conversationPath } from "./history.js";
import { findRun, isLive, loadRun, startRun, stopRun, watchRuns } from "./runs.js";
import { Follower } from "./scroll.js";
import { Thread } from "./thread.js";
import { Tree } from "./tree.js";
import { welcome } from "./welcome.js";

// The ID of an answer that the server has not named yet.
const kPendingAnswer = "pending";

/// The view of one conversation, or of the one that the next message begins.
export class Chat {
  #page; #thread; #follower; #intro; #heading; #name; #current; #pending; #sent;
  #tree = new Tree([]); #painted = new Set(); #runs = new Map();

  /// `page` has `state`, `setup`, and the functions `useSetup(setup)`, `opened(id)`,
  /// `showParameterError(error)` and `title(text, isLive)`.
  constructor(page, foot) {
    this.#page = page;
    this.id = null;
    this.#thread = new Thread({
      edit: (message, text) => this.#tell(this.#send({ prompt: text, parent: message.parent })),
      retry: (message) => this.#retry(message),
      step: (message) => this.#go(this.#tree.latest(message).id),
    });
    this.composer = new Composer({
      id: "message", label: "Message", placeholder: "Ask anything", draft: "new",
      submit: (text) => this.#send({ prompt: text, parent: this.last()?.id ?? null }),
      stop: () => this.#stop(),
      foot,
    });
    this.#follower = new Follower();
    this.#intro = el("div");
    this.#heading = unseen("h1", "");
    this.node = el("div.chat", this.#intro, this.#heading, this.#thread.node,
      el("div.dock", this.#follower.jump, this.composer.node,
        el("p.hint", page.hint)));
    watchRuns((run) => this.#changed(run));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.refresh();
    });
  }

  /// Reads again what the server has: something may have been missed.
  refresh() {
    if (this.id) this.#read().catch(ignoreRefusal);
  }

  /// Opens a conversation; null begins a new one.
  async open(id) {
    this.id = id;
    this.#name = "";
    this.#pending = null;
    this.#tree = new Tree([]);
    this.#current = null;
    this.composer.useDraft(id ?? "new");
    this.#show();
    if (!id) return;
    try {
      const conversation = await this.#read();
      if (conversation) this.#page.useSetup(conversation);
      this.#follower.toEnd();
    } catch (error) {
      if (this.id === id) this.composer.showError(error);
    }
  }

  async #read() {
    const { id } = this;
    const conversation = await get(conversationPath(id));
    if (this.id !== id) return null;
    this.#name = conversation.name ?? "";
    this.#tree = new Tree(conversation.messages);
    // The server goes on with what was answered last; here that is what was asked last.
    const isThere = this.#tree.path(conversation.current).some((each) => each.id === this.#sent);
    this.#current = isThere || !this.#tree.find(this.#sent) ? conversation.current : this.#sent;
    if (this.#tree.find(this.#pending?.message)) this.#pending = null;
    for (const { run, status } of conversation.messages) {
      if (run && isLive(status) && !findRun(run)) loadRun(run);
    }
    this.#show();
    return conversation;
  }

  // A message as it is now: its run knows more than the tree, which was read earlier.
  #merged(message) {
    const run = findRun(message.run ?? this.#runs.get(message.id));
    return run ? { ...message, ...run, text: message.text } : message;
  }

  #path() {
    const pending = this.#pending;
    if (!pending) return this.#tree.path(this.#current).map((each) => this.#merged(each));
    const prompt = { id: "pending-prompt", role: "user", text: pending.prompt, isPending: true };
    const answer = { id: kPendingAnswer, role: "assistant", status: "sending", isPending: true };
    if (pending.retry) return [...this.#tree.path(pending.retry), answer];
    return [...this.#tree.path(pending.parent), prompt, answer];
  }

  #show() {
    const path = this.#path();
    this.#thread.show(path, (message) => (message.isPending ? [message] : this.#tree.siblings(message)));
    const isNew = path.length === 0 && !this.id;
    if (isNew) this.#showIntroduction();
    else put(this.#intro);
    put(this.#heading, this.#name || "Conversation");
    this.#heading.hidden = isNew;
    this.#showState();
    this.#follower.grown();
  }

  #showIntroduction() {
    // Built again only if it differs: a reader may have the focus in it.
    const introduction = welcome(this.#page.state, this.composer);
    if (!this.#intro.firstChild?.isEqualNode(introduction)) put(this.#intro, introduction);
  }

  #showState() {
    const status = this.#pending ? "sending" : this.last()?.status;
    const stops = status === "stopping" || this.#pending?.stops;
    this.composer.show(!isLive(status) ? "idle" : stops ? "stopping" : "running");
    if (this.node.isConnected) this.#page.title(this.#name, isLive(status));
  }

  /// The answer at the end of the path, or nothing.
  last() {
    const message = this.#tree.find(this.#current);
    return message && this.#merged(message);
  }

  /// The last prompt on the path, or nothing.
  lastPrompt() {
    return this.#tree.path(this.#current).findLast((each) => each.role === "user");
  }

  /// What a request for this prompt consists of.
  request({ prompt, parent = null, retry = null }) {
    return {
      prompt, ...this.#page.setup.request(), conversation: this.id, parent, retry,
      record: this.#page.state.recording,
    };
  }

  async #send(turn) {
    const { id } = this;
    const body = this.request(turn);
    this.#pending = turn;
    this.#show();
    this.#follower.toEnd();
    say("Sending");
    let reply;
    try {
      reply = await startRun(body);
    } catch (error) {
      if (this.#pending === turn) this.#pending = null;
      if (this.id === id) this.#show();
      this.#page.showParameterError(error);
      throw error;
    }
    turn.message = this.#sent = reply.message;
    this.#thread.rename(kPendingAnswer, reply.message);
    if (turn.stops) this.#tell(stopRun(reply.run));
    if (this.id !== id) return;
    if (!id) {
      this.id = reply.conversation;
      this.composer.moveDraft(this.id);
      this.#page.opened(this.id);
    }
    await this.#tell(this.#read());
  }

  #retry(message) {
    const { id, text, parent } = this.#tree.find(message.parent);
    return this.#tell(this.#send({ prompt: text, parent, retry: id }));
  }

  #go(id) {
    this.#current = id;
    this.#sent = null;
    this.#show();
    return this.#tell(post(conversationPath(this.id), { current: id }));
  }

  #stop() {
    if (this.#pending) {
      this.#pending.stops = true;
      this.#showState();
    } else if (this.last()?.run) {
      return this.#tell(stopRun(this.last().run));
    }
  }

  // Shows why something failed that does not come from the message box.
  async #tell(attempt) {
    this.composer.showError(null);
    await attempt.catch((error) => this.composer.showError(error));
  }

  #changed(run) {
    if (!this.id && !this.#pending) this.#showIntroduction();
    if (!this.id || run.conversation !== this.id) return;
    this.#runs.set(run.message, run.run);
    if (this.#painted.size === 0) requestAnimationFrame(() => this.#paint());
    this.#painted.add(run.run);
    // A message that another tab began, or the final text of one that has ended.
    if (run.done || !this.#tree.find(run.message)) this.refresh();
  }

  #paint() {
    const changed = [...this.#painted];
    this.#painted.clear();
    for (const id of changed) {
      const message = this.#tree.find(findRun(id)?.message);
      if (message) this.#thread.update(this.#merged(message), this.#tree.siblings(message));
    }
    if (!this.#pending) this.#showState();
    this.#follower.grown();
  }
}
