// Puts the page together.

import { say } from "./announce.js";
import { get } from "./api.js";
import { Chat } from "./chat.js";
import { Compare } from "./compare.js";
import { button, byId, el, note, put, set } from "./dom.js";
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

const main = byId("main");

class Page {
  #panels = new Panels(); #serverKey; #settings; #modelButton; #single; #chat; #compare; #history; #compareLink; #lost;

  constructor(state) {
    const { model, system, parameters, models, title } = state;
    this.state = state;
    this.hint = hintOf(state);
    this.defaults = new Setup(state);
    this.#serverKey = JSON.stringify([model, system, parameters]);
    this.setup = this.#lastSetup() ?? this.defaults.copy();
    this.#settings = new Settings(this.setup, {
      models, defaults: this.defaults, changed: () => this.#setupChanged(),
    });
    this.#modelButton = button("", () => {
      this.#panels.open("settings");
      this.#settings.focus();
    }, { class: "model" });
    this.#lost = el("p.lost", { hidden: true }, "The connection to rellama is lost. Trying again…");
    const settings = this.#panels.add("settings", "Settings", !state.single);
    put(byId("settings"), el("h2", "Settings"), this.#settings.node, equivalent(() => this.#equivalentRequest()));
    if (state.single) {
      this.#single = new Single(this, this.#modelButton);
      put(byId("bar"), el("span.space"), settings, this.#lost);
      put(main, this.#single.node);
    } else {
      this.#makeViews();
      put(byId("bar"), this.#panels.add("history", "History", true), el("span.title", title), el("span.space"),
        el("a.button", { href: "#", "aria-label": "New conversation", click: (event) => this.#begin(event) }, "New"),
        this.#compareLink, settings, this.#lost);
      this.#route();
    }
    this.#setupChanged();
    byId("skip").addEventListener("click", (event) => {
      event.preventDefault();
      byId("message").focus();
    });
    byId("message").focus();
  }

  #makeViews() {
    this.#chat = new Chat(this, this.#modelButton);
    this.#compare = new Compare(this);
    this.#compareLink = el("a.button", { href: "#/compare" }, "Compare");
    this.#history = new History((id) => {
      if (this.#chat.id === id) location.hash = "";
    });
    this.#history.read();
    put(byId("history"), el("h2", "History"), this.#history.node);
    addEventListener("hashchange", () => this.#route());
  }

  #begin(event) {
    event.preventDefault();
    if (location.hash) location.hash = "";
    else this.#route();
    this.#chat.composer.focus();
  }

  // Shows what the address names.
  #route() {
    const { hash } = location;
    const isCompare = hash === "#/compare";
    const id = /^#\/c\/(m?\d+)$/.exec(hash)?.[1] ?? null;
    this.#panels.closeAll();
    this.#history.mark(id);
    set(this.#compareLink, "aria-current", isCompare && "page");
    document.body.classList.toggle("comparing", isCompare);
    const view = isCompare ? this.#compare : this.#chat;
    if (main.firstChild !== view.node) put(main, view.node);
    view.open(id);
  }

  // What the views use.

  /// A conversation began.
  opened(id) {
    history.pushState(null, "", `#/c/${encodeURIComponent(id)}`);
    this.#history.mark(id);
    this.#setupChanged();
  }

  /// A conversation goes on with what it was led with, unless this browser has changed that since.
  useSetup({ id, model, system, parameters }) {
    this.#use(this.#lastSetup(id) ?? new Setup({ model: model || this.setup.model, system, parameters }));
  }

  /// Begins a conversation with these settings.
  chatWith(setup) {
    this.#use(setup);
    location.hash = "";
    this.#chat.composer.focus();
  }

  /// Shows an error at the parameter that it is about, if it is about one.
  showParameterError(error) {
    if (!this.#settings.showError(error)) return;
    this.#panels.open("settings");
    this.#settings.showError(error);
    error.remedy ||= "Change it in the settings.";
  }

  title(text, isLive) {
    const title = [isLive && "●", text && `${text} –`, this.state.title].filter(Boolean).join(" ");
    if (document.title !== title) document.title = title;
  }

  connected(isConnected) {
    if (this.#lost.hidden === isConnected) return;
    this.#lost.hidden = isConnected;
    say(isConnected ? "Connected again" : this.#lost.textContent);
    if (!isConnected) return;
    reloadRuns();
    this.#chat?.refresh();
    this.#history?.read();
  }

  event(event) {
    if (event.run) applyEvent(event);
    if (event.conversations) this.#history?.read();
  }

  // What was used last, for a conversation if one is named. Other defaults of the server count for
  // more.
  #lastSetup(conversation) {
    const last = kept.get("setup");
    const fits = last?.server === this.#serverKey && (!conversation || last.conversation === conversation);
    return fits ? new Setup(last.setup) : null;
  }

  #use(setup) {
    this.setup = setup;
    this.#settings.use(setup);
    this.#setupChanged();
  }

  #setupChanged() {
    const { model } = this.setup;
    put(this.#modelButton, shortModel(model));
    set(this.#modelButton, "aria-label", `Model: ${model}`);
    kept.set("setup", { server: this.#serverKey, conversation: this.#chat?.id, setup: this.setup.toKeep() });
  }

  #equivalentRequest() {
    const chat = this.#chat;
    const written = (chat ?? this.#single).composer.text.trim();
    const asked = !written && chat?.lastPrompt();
    const prompt = written || asked?.text || this.state.examples[0] || "Hello";
    if (!chat) return { prompt, ...this.setup.request(), single: true };
    return chat.request({ prompt, parent: asked ? asked.parent : chat.last()?.id });
  }
}

function hintOf({ cancel_on_close: cancels, recording, demo }) {
  return [
    "Enter sends, Shift-Enter adds a line.",
    cancels ? "Closing or reloading this tab cancels its answers." : "Answers go on if you close this tab.",
    !recording && "Nothing is recorded.",
    demo && "Demo: answers are canned, no model is run.",
  ].filter(Boolean).join(" ");
}

try {
  const page = new Page(await get("/ui/state"));
  if (page.state.cancel_on_close) cancelOnClose();
  page.state.runs.forEach(loadRun);
  listen((event) => page.event(event), (isConnected) => page.connected(isConnected));
} catch (error) {
  put(main, el("div.plain", { role: "alert" }, el("h1", "rellama"),
    note(error, button("Try again", () => location.reload()))));
  throw error;
}
