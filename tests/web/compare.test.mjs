// Comparing, and the one-shot form.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { eventually, launch, Tab } from "./support/browser.mjs";
import { Service } from "./support/program.mjs";

let browser, service, context, tab;

function with_service(options) {
  before(async () => {
    service = await Service.start(options);
  });
  after(() => service.stop());
  beforeEach(async () => {
    context = await browser.newContext();
    tab = await Tab.open(context, service.url);
  });
  afterEach(async () => {
    tab.assertNoProblems();
    await context.close();
  });
}

const column = (number) => tab.page.locator(".column").nth(number - 1);

async function set_model(number, model) {
  const details = column(number).locator("details");
  if ((await details.getAttribute("open")) === null) await details.locator("summary").click();
  await details.getByLabel("Model", { exact: true }).selectOption(model);
  await details.getByRole("spinbutton", { name: "Temperature" }).waitFor();
}

async function compare(prompt, columns) {
  await tab.send(prompt);
  await tab.waitUntil((columns) =>
    document.querySelectorAll('.column .answer[data-status="succeeded"]').length === columns, columns);
}

before(async () => {
  browser = await launch();
});
after(() => browser.close());

describe("compare", () => {
  with_service({ emulator: ["--token-rate", "50"] });
  beforeEach(async () => {
    await tab.page.getByRole("link", { name: "Compare" }).click();
    await column(2).waitFor();
  });

  test("two models answer side by side, and are followed to the end", async () => {
    await tab.page.setViewportSize({ width: 800, height: 300 });
    await set_model(1, "meta/llama-2-7b-chat");
    await set_model(2, "meta/llama-2-13b-chat");
    await compare("Why is the sky blue?", 2);
    assert.ok(service.requests(/llama-2-7b-chat\/predictions 201/) > 0);
    assert.ok(service.requests(/llama-2-13b-chat\/predictions 201/) > 0);
    for (const number of [1, 2]) assert.match(await column(number).locator(".md").innerText(), /Rayleigh/);
    await tab.waitUntil(() => scrollY > 0 && document.documentElement.scrollHeight - innerHeight - scrollY < 50);
  });

  test("one model answers with different settings", async () => {
    await set_model(1, "meta/llama-2-7b-chat");
    await set_model(2, "meta/llama-2-7b-chat");
    await column(2).getByRole("spinbutton", { name: "Temperature" }).fill("3");
    await compare("Why is the sky blue?", 2);
    const ids = await tab.page.locator(".column .state code").allTextContents();
    const inputs = await Promise.all(ids.map(async (id) => (await service.prediction(id)).input));
    assert.deepEqual(inputs.map((input) => input.temperature === 3), [false, true]);
  });

  test("a third column, and its removal", async () => {
    await tab.button("Add a third").click();
    await compare("Why is the sky blue?", 3);
    assert.equal(await tab.button("Add a third").isVisible(), false);
    await column(3).getByText("Remove").click();
    assert.equal(await tab.page.locator(".column").count(), 2);
  });

  test("Stop stops all of them", async () => {
    await tab.send("Tell me a story");
    await tab.waitUntil(() => document.querySelectorAll('.column .answer[data-status="running"]').length === 2);
    await tab.button("Stop").click();
    await tab.waitUntil(() => document.querySelectorAll('.column .answer[data-status="canceled"]').length === 2);
  });

  test("a reload shows the answers again", async () => {
    await compare("Why is the sky blue?", 2);
    await tab.page.reload();
    await tab.waitUntil(() => document.querySelectorAll('.column .answer[data-status="succeeded"]').length === 2);
    assert.match(await column(1).locator(".md").innerText(), /Rayleigh/);
  });

  test("a conversation that is answering elsewhere changes nothing here", async () => {
    await tab.page.getByRole("link", { name: "New conversation" }).click();
    await tab.send("Tell me a story");
    await tab.waitForStatus("running");
    await tab.page.getByRole("link", { name: "Compare" }).click();
    await tab.page.evaluate(async () => {
      const ask = async (path, options) => (await fetch(path, options)).json();
      const { runs: [run] } = await ask("/ui/state");
      const length = async () => (await ask(`/ui/runs/${run}`)).text_length;
      for (const before = await length(); (await length()) < before + 50;);
      await ask(`/ui/runs/${run}/stop`, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
    });
    assert.match(await tab.page.title(), /^Compare/);
  });

  test("comparisons are not in the history", async () => {
    await compare("Nothing to remember", 2);
    service.run(["Something to remember"]);
    assert.doesNotMatch(service.run(["history", "list"]), /Nothing to remember/);
  });

  test("the settings of a column begin a conversation", async () => {
    await set_model(2, "meta/meta-llama-3-8b-instruct");
    await compare("Why is the sky blue?", 2);
    await column(2).getByText("Use these settings").click();
    await tab.page.getByRole("button", { name: "Model: meta/meta-llama-3-8b-instruct" }).waitFor();
    await tab.ask("Tell me a story");
  });
});

describe("the one-shot form", () => {
  with_service({
    emulator: ["--token-rate", "50"],
    serve: ["--single", "--title", "Llama 2", "--description", "Type a text.", "--example", "Why is the sky blue?"],
  });

  test("has a title, a description, a text and an answer", async () => {
    assert.equal(await tab.page.getByRole("heading", { level: 1 }).innerText(), "Llama 2");
    await tab.page.getByText("Type a text.").waitFor();
    await tab.button("Why is the sky blue?").click();
    await tab.button("Submit").click();
    await tab.waitForAnswers(1);
    assert.match(await tab.text(), /Rayleigh/);
    assert.equal(await tab.box.inputValue(), "Why is the sky blue?");
  });

  test("answers each text by itself", async () => {
    await tab.ask("My name is Ada.");
    const first = await tab.predictionId();
    await tab.send("What is my name?");
    await eventually(async () => (await tab.predictionId().catch(() => first)) !== first, "another answer");
    await tab.waitForAnswers(1);
    assert.match(await tab.text(), /You have not told me your name\./);
  });

  test("is picked up after a reload, and stopped", async () => {
    await tab.send("Tell me a story");
    await tab.waitForStatus("running");
    await tab.page.reload();
    await tab.button("Stop").click();
    await tab.waitForStatus("canceled");
  });
});
