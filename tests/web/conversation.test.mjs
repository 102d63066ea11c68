// A conversation on the page: sending, watching, copying, repeating, editing, branches.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { eventually, launch, Tab } from "./support/browser.mjs";
import { Service } from "./support/program.mjs";

let browser, service, context, tab;

before(async () => {
  browser = await launch();
  service = await Service.start({ emulator: ["--token-rate", "80"] });
});
after(async () => {
  await browser?.close();
  await service?.stop();
});
beforeEach(async () => {
  context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  tab = await Tab.open(context, service.url);
});
afterEach(async () => {
  tab.assertNoProblems();
  await context.close();
});

const clipboard = () => tab.page.evaluate(() => navigator.clipboard.readText());

test("the key leaves the address and becomes a cookie that scripts cannot read", async () => {
  assert.ok(!tab.page.url().includes("key="));
  assert.equal(await tab.page.evaluate(() => document.cookie), "");
  const [cookie] = await context.cookies();
  assert.equal(cookie.httpOnly, true);
  assert.equal(cookie.sameSite, "Strict");
});

test("the answer appears while it is being written", async () => {
  await tab.send("Why is the sky blue?");
  await tab.waitForStatus("running");
  const sizes = await tab.page.evaluate(async () => {
    const answer = document.querySelector("main .answer");
    const seen = new Set();
    while (answer.dataset.status !== "succeeded") {
      seen.add(answer.querySelector(".md").textContent.length);
      await new Promise(requestAnimationFrame);
    }
    return seen.size;
  });
  assert.ok(sizes > 3, `the text was seen in ${sizes} sizes`);
  assert.match(await tab.text(), /Lord Rayleigh/);
});

test("Markdown is shown as lists, code and emphasis", async () => {
  await tab.ask("Write some code that counts words");
  assert.match(await tab.lastAnswer.locator("pre code").textContent(), /^def word_counts\(text\):\n {4}"""/);
  assert.equal(await tab.lastAnswer.locator(".code-bar span").textContent(), "python");
  assert.equal(await tab.lastAnswer.locator(".md > ul > li").count(), 3);
  assert.equal(await tab.lastAnswer.locator("em").first().textContent(), "different");
});

test("Copy takes the code, and the whole answer as it was written", async () => {
  await tab.ask("Write some code that counts words");
  await tab.button("Copy this code").click();
  await eventually(async () => (await clipboard()).startsWith("def word_counts"), "the code is copied");
  await tab.lastAnswer.locator(".actions").getByText("Copy", { exact: true }).click();
  await eventually(async () => /^Here.*```python\ndef word_counts/s.test(await clipboard()), "the answer is copied");
});

test("tokens, seconds and the prediction's ID are shown when it is done", async () => {
  await tab.ask("Why is the sky blue?");
  const state = await tab.lastAnswer.locator(".state").innerText();
  assert.match(state, /\d+ tokens/);
  assert.match(state, /\d\.\d s/);
  assert.match(state, /tokens\/s/);
  assert.equal((await service.prediction(await tab.predictionId())).status, "succeeded");
});

test("Shift-Enter adds a line, Enter sends", async () => {
  await tab.box.press("a");
  await tab.box.press("Shift+Enter");
  await tab.box.press("b");
  assert.equal(await tab.box.inputValue(), "a\nb");
  await tab.box.press("Enter");
  await tab.waitForAnswers(1);
  assert.equal(await tab.page.locator(".prompt-text").innerText(), "a\nb");
});

test("the Enter with which an input method is confirmed sends nothing", async () => {
  const session = await context.newCDPSession(tab.page);
  await tab.box.focus();
  await session.send("Input.imeSetComposition", { text: "こんにち", selectionStart: 4, selectionEnd: 4 });
  assert.equal(await tab.box.inputValue(), "こんにち");
  await tab.box.dispatchEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true });
  await tab.box.dispatchEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true, cancelable: true });
  await session.send("Input.insertText", { text: "こんにちは" });
  assert.equal(await tab.box.inputValue(), "こんにちは");
  assert.equal(await tab.answers.count(), 0);
  await tab.box.press("Enter");
  await tab.waitForAnswers(1);
});

test("a draft survives a reload and goes when it is sent", async () => {
  await tab.box.fill("half a sen");
  await tab.page.reload();
  assert.equal(await tab.box.inputValue(), "half a sen");
  await tab.box.press("Enter");
  await tab.waitForAnswers(1);
  await tab.page.reload();
  await tab.waitForAnswers(1);
  assert.equal(await tab.box.inputValue(), "");
});

test("the second message knows the first", async () => {
  await tab.ask("Why is the sky blue?", 1);
  await tab.ask("And at night?", 2);
  const { input } = await service.prediction(await tab.predictionId());
  assert.match(input.prompt, /Why is the sky blue\?.*Rayleigh.*And at night\?/s);
});

test("Retry adds a version, and both can be stepped through", async () => {
  await tab.ask("Tell me a story");
  const first = await tab.predictionId();
  await tab.lastAnswer.getByText("Retry").click();
  await tab.waitUntil((first) => {
    const id = document.querySelector("main .answer .state code")?.textContent;
    return id && id !== first;
  }, first);
  await tab.waitForAnswers(1);
  const branches = tab.lastAnswer.locator(".branches");
  assert.equal(await branches.innerText(), "‹2/2›");
  await branches.getByLabel("Previous version").click();
  await tab.lastAnswer.locator(".state code", { hasText: first }).waitFor();
  assert.equal(await branches.innerText(), "‹1/2›");
  await tab.page.reload();
  await tab.waitForAnswers(1);
  assert.equal(await tab.predictionId(), first);
});

test("Edit sends another version of a message and keeps the first", async () => {
  await tab.ask("Why is the sky blue?", 1);
  await tab.ask("Thank you", 2);
  await tab.page.locator(".prompt").first().getByText("Edit").click();
  const editor = tab.page.getByLabel("Edit the message");
  assert.equal(await editor.inputValue(), "Why is the sky blue?");
  await editor.fill("Tell me a story");
  await editor.press("Enter");
  await tab.page.locator(".prompt-text", { hasText: "Tell me a story" }).waitFor();
  await tab.waitForAnswers(1);
  assert.match(await tab.text(), /lighthouse/);
  const branches = tab.page.locator(".prompt .branches");
  assert.equal(await branches.innerText(), "‹2/2›");
  await branches.getByLabel("Previous version").click();
  await tab.waitForAnswers(2);
  assert.equal(await tab.page.locator(".prompt-text").last().innerText(), "Thank you");
});

test("Escape leaves the editor and sends nothing", async () => {
  await tab.ask("Why is the sky blue?", 1);
  await tab.page.locator(".prompt").getByText("Edit").click();
  await tab.page.getByLabel("Edit the message").press("Escape");
  assert.equal(await tab.page.locator(".prompt-text").isVisible(), true);
  assert.equal(await tab.answers.count(), 1);
});

test("an answer is followed to its end, unless the reader has scrolled up", async () => {
  await tab.page.setViewportSize({ width: 800, height: 300 });
  await tab.ask("Write some code that counts words", 1);
  const distance = () => document.documentElement.scrollHeight - innerHeight - scrollY;
  assert.ok((await tab.page.evaluate(distance)) < 50);
  await tab.send("Why is the sky blue?");
  await tab.waitForStatus("running");
  await tab.page.mouse.move(400, 100);
  await tab.page.mouse.wheel(0, -200);
  await tab.waitUntil(() => document.documentElement.scrollHeight - innerHeight - scrollY > 100);
  const before = await tab.page.evaluate(() => scrollY);
  await tab.waitForAnswers(2);
  assert.ok(Math.abs((await tab.page.evaluate(() => scrollY)) - before) <= 250, "the page moved");
  await tab.button("Jump to the end").click();
  await tab.waitUntil(() => document.documentElement.scrollHeight - innerHeight - scrollY < 50);
});
