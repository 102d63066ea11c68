// A browser, and the page in it as a user sees it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const kLongest = Number(process.env.RELLAMA_PATIENCE ?? 60_000);  // the machine may be busy

export function launch() {
  return chromium.launch({
    executablePath: process.env.RELLAMA_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/// A tab with the page.
export class Tab {
  /// Opens a tab. `context` shares cookies and storage with other tabs of it.
  static async open(context, url) {
    const tab = new Tab();
    tab.context = context;
    tab.page = await context.newPage();
    tab.page.setDefaultTimeout(kLongest);
    tab.problems = [];
    tab.page.on("pageerror", (error) => tab.problems.push(error.message));
    tab.page.on("console", (message) => {
      // A refused request is part of some tests; the page says so itself.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
        tab.problems.push(message.text());
      }
    });
    await tab.page.goto(url);
    await tab.page.locator("#message").waitFor();
    return tab;
  }

  get box() {
    return this.page.locator("#message");
  }

  button(name, options = {}) {
    return this.page.getByRole("button", { name, exact: true, ...options });
  }

  /// All answers that are shown, or one by its number.
  get answers() {
    return this.page.locator("main .answer");
  }

  get lastAnswer() {
    return this.answers.last();
  }

  async send(text) {
    await this.box.fill(text);
    await this.box.press("Enter");
  }

  /// Waits until the last answer has this status.
  async waitForStatus(status) {
    await this.page.locator(`main .answer[data-status="${status}"]`).last().waitFor();
  }

  /// Waits until as many answers as that are shown and the last one has ended.
  async waitForAnswers(count, status = "succeeded") {
    await this.waitUntil(
      ([count, status]) => {
        const answers = document.querySelectorAll("main .answer");
        return answers.length === count && answers[count - 1].dataset.status === status;
      }, [count, status]);
  }

  async ask(text, count = 1) {
    await this.send(text);
    await this.waitForAnswers(count);
  }

  /// Waits until a function of the page returns true.
  waitUntil(condition, argument) {
    return this.page.waitForFunction(condition, argument, { timeout: kLongest });
  }

  async predictionId() {
    return this.lastAnswer.locator(".state code").textContent();
  }

  /// The text of the last answer.
  text() {
    return this.lastAnswer.locator(".md").innerText();
  }

  async openPanel(name) {
    const toggle = this.button(name);
    if ((await toggle.getAttribute("aria-expanded")) === "false") await toggle.click();
  }

  /// Fails if the page logged an error or broke its own rules.
  assertNoProblems() {
    assert.deepEqual(this.problems, []);
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/// The serious faults that axe finds in a tab.
export async function findBarriers(tab) {
  const { violations } = await tab.page.evaluate(`${axe}; axe.run()`);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}

/// Waits until `condition` returns something true, and returns that.
export async function eventually(condition, what) {
  const deadline = Date.now() + kLongest;
  for (;;) {
    const result = await condition();
    if (result) return result;
    if (Date.now() > deadline) throw new Error(`did not happen: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}
