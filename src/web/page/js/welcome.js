// What is shown before the first message.

import { el, framed } from "./dom.js";
import { liveRuns } from "./runs.js";

/// The title, the description, and examples that fill the prompt box.
export function introduction({ title, description, examples }, composer) {
  const use = (text) => {
    composer.text = text;
    composer.focus();
  };
  return [
    el("h1", title),
    description && el("p.lead", description),
    examples.length > 0 && el("ul.examples", { "aria-label": "Examples" },
      examples.map((text) => el("li", framed(text, () => use(text))))),
  ];
}

/// The introduction, and what the server is still answering.
export function welcome(state, composer) {
  const live = liveRuns().filter((run) => run.conversation);
  return el("div.welcome", ...introduction(state, composer),
    live.length > 0 && el("div", el("h2", "Still answering"),
      live.map((run) => el("a", { href: `#/c/${run.conversation}` }, run.prompt))));
}
