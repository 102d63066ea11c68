// The conversations of the history, which `rellama chat` uses as well.

import { say } from "./announce.js";
import { get, post } from "./api.js";
import { button, el, framed, note, put, set } from "./dom.js";
import { day, shortModel } from "./format.js";
import { liveRuns, watchRuns } from "./runs.js";

const kAtOnce = 40;

/// The address of a conversation on the server.
export const conversationPath = (id) => `/ui/conversations/${encodeURIComponent(id)}`;

/// The panel with the conversations. `deleted` receives the id of one that the user deleted.
export class History {
  #deleted; #conversations = []; #search; #timer; #list; #note; #more; #next; #asked; #current; #marked;

  constructor(deleted) {
    this.#deleted = deleted;
    this.#search = el("input", {
      type: "search", placeholder: "Search", "aria-label": "Search the history", autocomplete: "off",
      input: () => {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.read(), 150);
      },
    });
    this.#list = el("ul.conversations");
    this.#note = el("p.help");
    this.#more = button("Show more", () => this.read(this.#next), { hidden: true });
    this.node = el("div", this.#search, this.#note, this.#list, this.#more);
    watchRuns(() => this.#showMarks());
  }

  /// Reads the list again, or what follows `before`.
  async read(before = null) {
    const search = this.#search.value.trim();
    const query = new URLSearchParams({ limit: kAtOnce, ...(search && { search }), ...(before && { before }) });
    const asked = (this.#asked = Symbol());
    try {
      const page = await get(`/ui/conversations?${query}`);
      if (asked !== this.#asked) return;
      this.#next = page.next;
      this.#conversations = before ? [...this.#conversations, ...page.conversations] : page.conversations;
      this.#show(search ? "Nothing found." : "Conversations appear here, those of “rellama chat” too.");
    } catch (error) {
      put(this.#note, note(error));
    }
  }

  #show(ifEmpty) {
    put(this.#note, this.#conversations.length === 0 && ifEmpty);
    // A menu that is in use is not taken away because something else has changed.
    const open = this.#list.querySelector("details[open]")?.closest("li");
    put(this.#list, this.#conversations.map((each) =>
      open?.dataset.id === String(each.id) ? open : this.#makeItem(each)));
    this.#more.hidden = !this.#next;
    this.#marked = null;
    this.#showMarks();
  }

  #makeItem(conversation) {
    const { id, name, snippet, updated_at, model } = conversation;
    const menu = el("details", {
      name: "conversation",
      toggle: () => menu.open && this.#showMenu(menu, conversation),
      keydown: (event) => {
        if (event.key !== "Escape" || !menu.open) return;
        event.stopPropagation();
        this.#closeMenu(menu);
      },
    }, el("summary", { "aria-label": `Actions for ${name || "Untitled"}` }, "⋯"), el("div.menu"));
    return el("li", { "data-id": id },
      el("a", { href: `#/c/${encodeURIComponent(id)}` },
        el("span.name", name || "Untitled"),
        snippet && el("span.snippet", snippet),
        el("span.facts", el("span", day(updated_at)), el("span", shortModel(model)),
          el("span.live"))),
      menu);
  }

  #showMenu(menu, conversation) {
    const link = (format, label) => el("a", {
      href: `${conversationPath(conversation.id)}/export?format=${format}`, download: true, class: "button",
    }, label);
    put(menu.lastChild,
      button("Rename", () => this.#rename(menu, conversation)),
      link("markdown", "Export Markdown"), link("json", "Export JSON"),
      button("Delete", () => this.#confirm(menu, conversation)));
  }

  #closeMenu(menu) {
    menu.open = false;
    menu.firstChild.focus();
  }

  #rename(menu, { id, name }) {
    const save = () => this.#change(menu, conversationPath(id), { name: field.value.trim() }, "Renamed");
    const field = el("input", {
      "aria-label": "New name",
      keydown: (event) => event.key === "Enter" && !event.isComposing && save(),
    });
    field.value = name ?? "";
    put(menu.lastChild, field, framed("Save", save));
    field.select();
  }

  #confirm(menu, { id }) {
    const sure = button("Delete", async () => {
      if (await this.#change(menu, `${conversationPath(id)}/delete`, {}, "Deleted")) this.#deleted(String(id));
    }, { class: "danger" });
    put(menu.lastChild, el("span", "Delete it for good?"), sure,
      button("Keep", () => this.#closeMenu(menu)));
    sure.focus();
  }

  async #change(menu, path, body, done) {
    try {
      await post(path, body);
    } catch (error) {
      put(menu.lastChild, note(error));
      return false;
    }
    say(done);
    this.#closeMenu(menu);
    await this.read();
    this.#search.focus();
    return true;
  }

  /// Marks the conversation that is open.
  mark(id) {
    this.#current = id;
    this.#showMarks();
  }

  #showMarks() {
    const live = liveRuns().map((run) => String(run.conversation));
    // Most of what a run does changes nothing here.
    if (this.#marked === `${this.#current} ${live}`) return;
    this.#marked = `${this.#current} ${live}`;
    for (const item of this.#list.children) {
      const { id } = item.dataset;
      item.querySelector(".live").textContent = live.includes(id) ? "answering" : "";
      set(item.firstChild, "aria-current", id === this.#current && "page");
    }
  }
}
