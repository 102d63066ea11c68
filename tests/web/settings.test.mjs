// The model, its parameters, and the same request as a command.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { eventually, launch, Tab } from "./support/browser.mjs";
import { Service } from "./support/program.mjs";

let browser, service, context, tab;

before(async () => {
  browser = await launch();
  service = await Service.start({
    serve: ["-m", "13b", "-s", "Be brief.", "--top-p", "0.8", "--title", "Ask away", "--description", "Anything goes.",
      "--example", "Why is the sky blue?", "--example", "Tell me a story"],
  });
});
after(async () => {
  await browser?.close();
  await service?.stop();
});
beforeEach(async () => {
  context = await browser.newContext({
    viewport: { width: 1280, height: 900 }, permissions: ["clipboard-read", "clipboard-write"],
  });
  tab = await Tab.open(context, service.url);
  await field("Temperature").waitFor();
});
afterEach(async () => {
  tab.assertNoProblems();
  await context.close();
});

const settings = () => tab.page.locator("#settings");
const model = () => settings().getByLabel("Model", { exact: true });
const system = () => settings().getByRole("textbox", { name: "System prompt" });
const field = (name) => settings().getByRole("spinbutton", { name, exact: true });
const slider = (name) => settings().getByRole("slider", { name, exact: true });
const row = (name) => settings().locator(".field", { hasText: name });
// What is in the clipboard, once it matches.
const copied = (pattern) => eventually(async () => {
  const text = await tab.page.evaluate(() => navigator.clipboard.readText());
  return pattern.test(text) && text;
}, "it is copied");
const lastInput = async () => (await service.prediction(await tab.predictionId())).input;

test("title, description and examples are those of the options", async () => {
  assert.equal(await tab.page.title(), "Ask away");
  assert.equal(await tab.page.getByRole("heading", { level: 1 }).innerText(), "Ask away");
  await tab.page.getByText("Anything goes.").waitFor();
  await tab.button("Tell me a story").click();
  assert.equal(await tab.box.inputValue(), "Tell me a story");
});

test("the options of the command are the defaults", async () => {
  assert.equal(await model().inputValue(), "meta/llama-2-13b-chat");
  assert.equal(await system().inputValue(), "Be brief.");
  assert.equal(await field("Top p").inputValue(), "0.8");
  await tab.ask("Why is the sky blue?");
  const input = await lastInput();
  assert.match(input.prompt, /Be brief\./);
  assert.equal(input.top_p, 0.8);
});

test("a slider that is moved reaches the model", async () => {
  await slider("Temperature").focus();
  await tab.page.keyboard.press("ArrowRight");
  await tab.page.keyboard.press("ArrowRight");
  assert.equal(await field("Temperature").inputValue(), "0.52");
  await tab.ask("Why is the sky blue?");
  assert.equal((await lastInput()).temperature, 0.52);
});

test("a number that is typed moves its slider and reaches the model", async () => {
  await field("Temperature").fill("1.25");
  assert.equal(await slider("Temperature").inputValue(), "1.25");
  await field("Max tokens").fill("17");
  await tab.ask("Why is the sky blue?");
  assert.equal((await lastInput()).temperature, 1.25);
  assert.equal((await lastInput()).max_tokens, 17);
});

test("ranges, defaults and help are shown", async () => {
  assert.match(await row("Temperature").innerText(), /0 to 5, default 0\.5/);
  assert.match(await row("Temperature").innerText(), /randomness/i);
});

test("a number outside its range is refused where it is", async () => {
  await field("Temperature").fill("7");
  await row("Temperature").getByText("Use a number, 0 to 5.").waitFor();
  await tab.send("Why is the sky blue?");
  await tab.page.locator("[role=alert] .note", { hasText: /temperature/i }).waitFor();
  assert.equal(await field("Temperature").getAttribute("aria-invalid"), "true");
  assert.equal(await tab.box.inputValue(), "Why is the sky blue?");
  assert.equal(await tab.answers.count(), 0);
});

test("Reset takes a parameter back, Reset all takes back all", async () => {
  await field("Top p").fill("0.3");
  await settings().getByRole("button", { name: "Reset Top p" }).click();
  assert.equal(await field("Top p").inputValue(), "0.8");
  await field("Temperature").fill("2");
  await system().fill("Shout.");
  await settings().getByRole("button", { name: "Reset all" }).click();
  assert.equal(await field("Temperature").inputValue(), "0.5");
  assert.equal(await system().inputValue(), "Be brief.");
});

test("the system prompt reaches the model, and an empty one is empty", async () => {
  await system().fill("Answer in French.");
  await tab.ask("Why is the sky blue?");
  assert.match((await lastInput()).prompt, /Answer in French\./);
  await system().fill("");
  await tab.button("New conversation").or(tab.page.getByRole("link", { name: "New conversation" })).click();
  await tab.ask("Why is the sky blue?");
  assert.doesNotMatch((await lastInput()).prompt, /<<SYS>>\n\w/);
});

test("model and parameters survive a reload", async () => {
  await field("Temperature").fill("1.5");
  await model().selectOption("meta/llama-2-7b-chat");
  await eventually(async () => (await field("Temperature").inputValue()) === "1.5", "the value is kept");
  await tab.page.reload();
  await field("Temperature").waitFor();
  assert.equal(await model().inputValue(), "meta/llama-2-7b-chat");
  assert.equal(await field("Temperature").inputValue(), "1.5");
});

test("a parameter that the new model lacks says so, and is not sent", async () => {
  await field("Length penalty").fill("1.1");
  await model().selectOption("replicate/llama-7b");
  await settings().getByText(/This model has no .*length_penalty/).waitFor();
  await tab.ask("Why is the sky blue?");
  assert.ok(!("length_penalty" in (await lastInput())));
  await model().selectOption("meta/llama-2-13b-chat");
  await eventually(async () => (await field("Length penalty").inputValue()) === "1.1", "the value is back");
});

test("any model can be named, and a wrong name says what to do", async () => {
  await model().selectOption("Another model…");
  const name = settings().getByLabel("Name of the model");
  await name.fill("nobody/nothing");
  await name.press("Enter");
  await settings().locator(".note.error", { hasText: "nobody/nothing" }).waitFor();
  await model().selectOption("Another model…");
  await name.fill("meta/meta-llama-3-8b-instruct");
  await settings().getByRole("button", { name: "Use", exact: true }).click();
  await tab.page.getByRole("button", { name: "Model: meta/meta-llama-3-8b-instruct" }).waitFor();
  await field("Temperature").waitFor();
  await tab.ask("Why is the sky blue?");
  assert.ok(service.requests(/POST .*meta-llama-3-8b-instruct\/predictions 201/) > 0);
});

test("the command that is copied asks the same", async () => {
  await field("Temperature").fill("0.9");
  await tab.box.fill("It's a test");
  await settings().getByRole("button", { name: "Copy as command" }).click();
  const command = await copied(/^rellama .*-m .*13b/);
  const run = spawnSync("sh", ["-c", `rellama() { "$RELLAMA" "$@"; }; ${command}`], {
    env: { ...service.environment, RELLAMA: process.env.RELLAMA_PROGRAM }, encoding: "utf8",
  });
  assert.equal(run.status, 0, run.stderr);
  const [{ input }] = await service.predictions();
  assert.equal(input.temperature, 0.9);
  assert.match(input.prompt, /It's a test/);
  assert.match(JSON.stringify(input), /Be brief\./);
});

test("the curl command that is copied asks the same, without the token", async () => {
  await tab.box.fill("It's a test of curl");
  await settings().getByRole("button", { name: "Copy as curl" }).click();
  const command = await copied(/^curl/);
  assert.ok(!command.includes("r8_of_the_tests"));
  const run = spawnSync("sh", ["-c", command], { env: service.environment, encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
  assert.match((await service.predictions())[0].input.prompt, /It's a test of curl/);
});
