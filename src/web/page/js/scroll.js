// Follows a growing text, unless the reader has scrolled up.

import { button } from "./dom.js";

const kNear = 48;  // pixels

const distance = () => document.documentElement.scrollHeight - innerHeight - scrollY;

/// Keeps the end of the page in view while the reader is there, and the view with `jump` is shown.
export class Follower {
  #follows; #last;

  constructor() {
    this.#follows = true;
    this.#last = 0;
    this.jump = button("Jump to the end", () => this.toEnd(), { class: "framed jump", hidden: true });
    addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // Before the page has moved: a reader who turns the wheel must not be pulled back once more.
    addEventListener("wheel", (event) => event.deltaY < 0 && this.#leave(), { passive: true });
  }

  #scrolled() {
    if (scrollY < this.#last - 1) this.#leave();
    this.#last = scrollY;
    if (distance() <= kNear) this.#follows = true;
    this.jump.hidden = this.#follows;
  }

  #leave() {
    if (distance() > 0 || scrollY > 0) this.#follows = false;
  }

  /// The page has grown.
  grown() {
    if (!this.jump.isConnected) return;
    if (this.#follows) scrollTo(0, document.documentElement.scrollHeight);
    else this.jump.hidden = distance() <= kNear;
  }

  /// Goes to the end, and follows it again.
  toEnd() {
    this.#follows = true;
    this.jump.hidden = true;
    scrollTo(0, document.documentElement.scrollHeight);
  }
}
