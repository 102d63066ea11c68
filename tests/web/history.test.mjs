// The history on the page, which is that of the terminal.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { eventually, launch, Tab } from "./support/browser.mjs";
import { Service } from "./support/program.mjs";

let browser, service, context, tab;

before(async () => {
  browser = await launch();
});
after(() => browser.close());
beforeEach(async () => {
  service = await Service.start();
  context = await browser.newContext();
  tab = await Tab.open(context, service.url);
  await tab.openPanel("History");
});
afterEach(async () => {
  tab.assertNoProblems();
  await context.close();
  await service.stop();
});

const list = () => tab.page.locator(".conversations li");
const item = (name) => list().filter({ hasText: name });
// The history as the terminal lists it. An empty one is an error there.
function recorded() {
  try {
    return JSON.parse(service.run(["history", "list", "--json"]));
  } catch (error) {
    assert.match(error.message, /the history is empty/);
    return [];
  }
}
const begin = () => tab.page.getByRole("link", { name: "New conversation" }).click();
const openMenu = (name) => item(name).locator("summary").click();

test("a conversation of the page goes on in the terminal", async () => {
  await tab.ask("My name is Ada.");
  const output = service.run(["-c", "What is my name?"]);
  assert.match(output, /Your name is Ada\./);
  await tab.page.reload();
  await tab.waitForAnswers(2);
  assert.match(await tab.text(), /Your name is Ada\./);
});

test("a conversation of the terminal goes on on the page", async () => {
  service.run(["chat"], "My name is Grace.\n");
  await tab.page.reload();
  await item("My name is Grace.").locator("a").click();
  await tab.waitForAnswers(1);
  await tab.ask("What is my name?", 2);
  assert.match(await tab.text(), /Your name is Grace\./);
  assert.equal(recorded().length, 1);
});

test("a conversation is reopened with its settings", async () => {
  service.run(["-m", "7b", "--temperature", "1.5", "Why is the sky blue?"]);
  await tab.page.reload();
  await item("Why is the sky blue?").locator("a").click();
  await tab.waitForAnswers(1);
  await tab.openPanel("Settings");
  const settings = tab.page.locator("#settings");
  await eventually(async () => (await settings.getByLabel("Model", { exact: true }).inputValue()) === "meta/llama-2-7b-chat", "the model is set");
  await eventually(async () => (await settings.getByRole("spinbutton", { name: "Temperature" }).inputValue()) === "1.5", "the temperature is set");
});

test("the list is up to date and marks what is open", async () => {
  await tab.ask("Why is the sky blue?");
  await item("Why is the sky blue?").waitFor();
  await begin();
  await tab.ask("Tell me a story");
  await tab.waitUntil(() => document.querySelectorAll(".conversations li").length === 2);
  assert.match(await list().first().innerText(), /Tell me a story/);
  assert.equal(await item("Tell me a story").locator("a").getAttribute("aria-current"), "page");
  assert.equal(await item("sky").locator("a").getAttribute("aria-current"), null);
});

test("the search finds words of the answers", async () => {
  await tab.ask("Why is the sky blue?");
  await begin();
  await tab.ask("Tell me a story");
  await tab.page.getByLabel("Search the history").fill("lighthouse");
  await tab.waitUntil(() => document.querySelectorAll(".conversations li").length === 1);
  assert.match(await list().innerText(), /story/);
  await tab.page.getByLabel("Search the history").fill("no such words");
  await tab.page.getByText("Nothing found.").waitFor();
});

test("Rename, in the list and in the terminal", async () => {
  await tab.ask("Why is the sky blue?");
  await openMenu("Why is the sky blue?");
  await tab.button("Rename").click();
  const name = tab.page.getByLabel("New name");
  await name.fill("Skies");
  await name.press("Enter");
  await item("Skies").waitFor();
  assert.match(service.run(["history", "list"]), /Skies/);
});

test("Delete asks first, and deletes in the terminal too", async () => {
  await tab.ask("Why is the sky blue?");
  await openMenu("Why is the sky blue?");
  await tab.button("Delete").click();
  await tab.button("Keep").click();
  assert.equal(await item("Why is the sky blue?").count(), 1);
  await openMenu("Why is the sky blue?");
  await tab.button("Delete").click();
  await tab.page.getByText("Delete it for good?").waitFor();
  await tab.button("Delete").click();
  await tab.waitUntil(() => document.querySelectorAll(".conversations li").length === 0);
  assert.deepEqual(recorded(), []);
  assert.equal(await tab.answers.count(), 0);
});

test("Export saves a file", async () => {
  await tab.ask("Why is the sky blue?");
  await openMenu("Why is the sky blue?");
  const [download] = await Promise.all([
    tab.page.waitForEvent("download"),
    tab.page.getByRole("link", { name: "Export Markdown" }).click(),
  ]);
  assert.match(readFileSync(await download.path(), "utf8"), /Lord Rayleigh/);
});

test("with -n nothing is recorded, and the page says so", async () => {
  await service.stopServer();
  await service.serve(["-n"]);
  await tab.page.goto(service.url);
  await tab.page.getByText("Nothing is recorded.").waitFor();
  await tab.ask("My name is Ada.");
  await tab.ask("What is my name?", 2);
  assert.match(await tab.text(), /Your name is Ada\./);
  assert.deepEqual(recorded(), []);
});
