// Puts the page together.

import { say } from "./announce.js";
import { get } from "./api.js";
import { Chat } from "./chat.js";
import { Compare } from "./compare.js";
import { button, el, note, put, set } from "./dom.js";
import { equivalent } from "./equivalent.js";
import { shortModel } from "./format.js";
import { History } from "./history.js";
import { kept } from "./keep.js";
import { Panels } from "./panels.js";
import { applyEvent, cancelOnClose, loadRun, reloadRuns } from "./runs.js";
import { Settings } from "./settings.js";
import { Setup } from "./setup.js";
import { Single } from "./single.js";
import { listen } from "./stream.js";

const main = document.getElementById("main");
const bar = document.getElementById("bar");

class Page {
  constructor(state) {
    this.state = state;
    this.hint = hintOf(state);
    this.defaults = new Setup(state);
    this.setup = this.lastSetup() ?? this.defaults.copy();
    this.panels = new Panels();
    this.modelButton = button("", () => {
      this.panels.open("settings", false);
      this.settings.focus();
    }, { class: "quiet model", "aria-label": "Model" });
    this.settings = new Settings(this.setup, {
      models: state.models, defaults: this.defaults, changed: () => this.setupChanged(),
    });
    this.lost = el("p", { class: "lost", hidden: true }, "The connection to rellama is lost. Trying again…");
    if (state.single) this.single = new Single(this, [this.modelButton]);
    else this.makeViews();
    const view = this.single ?? this.chat;
    put(document.getElementById("settings"), el("h2", {}, "Settings"), this.settings.node,
      equivalent(() => this.equivalentRequest()));
    this.makeBar();
    this.setupChanged();
    document.getElementById("skip").addEventListener("click", (event) => {
      event.preventDefault();
      document.getElementById("message").focus();
    });
    if (this.single) put(main, view.node);
    else this.route();
    document.getElementById("message").focus();
  }

  makeViews() {
    this.chat = new Chat(this, [this.modelButton]);
    this.compare = new Compare(this);
    this.history = new History((id) => {
      if (this.chat.id === id) location.hash = "";
    });
    put(document.getElementById("history"), el("h2", {}, "History"), this.history.node);
    addEventListener("hashchange", () => this.route());
  }

  makeBar() {
    const title = el("span", { class: "title" }, this.state.title);
    const settings = this.panels.add("settings", "Settings", { isOpen: !this.single });
    if (this.single) {
      put(bar, el("span", { class: "space" }), settings, this.lost);
      return;
    }
    this.compareLink = el("a", { href: "#/compare", class: "button" }, "Compare");
    put(bar,
      this.panels.add("history", "History", { isOpen: true, opened: () => this.history.read() }),
      title, el("span", { class: "space" }),
      el("a", { href: "#", class: "button", "aria-label": "New conversation", click: (event) => this.begin(event) }, "New"),
      this.compareLink, settings, this.lost);
  }

  begin(event) {
    event.preventDefault();
    if (location.hash.length > 1) location.hash = "";
    else this.route();
    this.chat.composer.focus();
  }

  /// Shows what the address names.
  route() {
    this.panels.closeAll();
    const isCompare = location.hash === "#/compare";
    const id = location.hash.startsWith("#/c/") ? decodeURIComponent(location.hash.slice(4)) : null;
    const view = isCompare ? this.compare : this.chat;
    set(this.compareLink, "aria-current", isCompare ? "page" : null);
    document.body.classList.toggle("comparing", isCompare);
    if (main.firstChild !== view.node) put(main, view.node);
    if (isCompare) {
      this.compare.open();
      this.title("Compare", false);
    } else {
      this.chat.open(id);
    }
    this.history.mark(isCompare ? null : id);
  }

  // The functions that the views use.

  /// A conversation began.
  opened(id) {
    history.pushState(null, "", `#/c/${encodeURIComponent(id)}`);
    this.history.mark(id);
    this.setupChanged();
  }

  /// A conversation goes on with what it was led with, unless this browser has changed that since.
  useSetup(conversation) {
    const last = kept.get("setup");
    const model = conversation.model || this.setup.model;
    this.setup = last?.conversation === conversation.id && last.server === this.serverKey()
      ? new Setup(last.setup)
      : new Setup({ model, system: conversation.system, parameters: conversation.parameters ?? {} });
    this.settings.use(this.setup);
    this.setupChanged();
  }

  /// Begins a conversation with these settings.
  chatWith(setup) {
    this.setup = setup;
    this.settings.use(setup);
    this.setupChanged();
    location.hash = "";
    this.chat.composer.focus();
  }

  /// Shows an error at the parameter that it is about, if it is about one.
  showParameterError(error) {
    if (!this.settings.fields.has(error.param)) return;
    this.panels.open("settings", false);
    this.settings.showError(error);
    error.remedy ||= "Change it in the settings.";
  }

  title(text, isLive) {
    const title = text ? `${text} – ${this.state.title}` : this.state.title;
    document.title = isLive ? `● ${title}` : title;
  }

  // The rest.

  // Other defaults of the server count for more than what was used before.
  serverKey() {
    const { model, system, parameters } = this.state;
    return JSON.stringify([model, system, parameters]);
  }

  lastSetup() {
    const last = kept.get("setup");
    return last?.server === this.serverKey() ? new Setup(last.setup) : null;
  }

  setupChanged() {
    put(this.modelButton, shortModel(this.setup.model));
    set(this.modelButton, "aria-label", `Model: ${this.setup.model}`);
    kept.set("setup", {
      server: this.serverKey(), conversation: this.chat?.id ?? null, setup: this.setup.toKeep(),
    });
  }

  equivalentRequest() {
    const view = this.single ?? this.chat;
    const text = view.composer.text.trim() ? view.composer.text : null;
    const fallback = this.state.examples[0] ?? "Hello";
    if (this.single) {
      return { prompt: text ?? fallback, ...this.setup.request(), conversation: null, parent: null, single: true };
    }
    const last = this.chat.lastPrompt();
    return text || !last
      ? this.chat.request({ prompt: text ?? fallback, parent: this.chat.last()?.id ?? null })
      : this.chat.request({ prompt: last.text, parent: last.parent });
  }

  connected(isConnected) {
    if (this.lost.hidden !== isConnected) {
      this.lost.hidden = isConnected;
      say(isConnected ? "Connected again" : this.lost.textContent);
      if (isConnected) reloadRuns();
    }
  }

  event(event) {
    if (event.run) applyEvent(event);
    if (event.conversations && this.history) this.history.read();
  }
}

function hintOf(state) {
  return [
    "Enter sends, Shift-Enter adds a line.",
    state.cancel_on_close
      ? "Closing or reloading this tab cancels its answers."
      : "Answers go on if you close this tab.",
    !state.recording && "Nothing is recorded.",
    state.demo && "Demo: answers are canned, no model is run.",
  ].filter(Boolean).join(" ");
}

function showFailure(error) {
  put(main, el("div", { class: "plain", role: "alert" }, el("h1", {}, "rellama"),
    note(error, button("Try again", () => location.reload()))));
}

try {
  const page = new Page(await get("/ui/state"));
  if (page.state.cancel_on_close) cancelOnClose();
  for (const id of page.state.runs) loadRun(id);
  listen((event) => page.event(event), (isConnected) => page.connected(isConnected));
} catch (error) {
  showFailure(error);
  throw error;
}
