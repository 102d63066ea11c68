// Many tabs at once. A browser opens six connections to a host.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, launch, Tab } from "./support/browser.mjs";
import { Service } from "./support/program.mjs";

let browser, service;

before(async () => {
  browser = await launch();
  service = await Service.start({ emulator: ["--token-rate", "50"] });
});
after(async () => {
  await browser?.close();
  await service?.stop();
});

async function open_seven() {
  const context = await browser.newContext();
  const tabs = [await Tab.open(context, service.url)];
  while (tabs.length < 7) tabs.push(await Tab.open(context, service.origin));
  return { context, tabs };
}

test("seven tabs each get their answer", async () => {
  const { context, tabs } = await open_seven();
  await Promise.all(tabs.map((tab, index) => tab.send(`Tell me story ${index}`)));
  for (const [index, tab] of tabs.entries()) {
    await tab.waitForAnswers(1);
    assert.equal(await tab.page.locator(".prompt-text").innerText(), `Tell me story ${index}`);
    assert.match(await tab.text(), /lighthouse/);
    tab.assertNoProblems();
  }
  await context.close();
});

test("seven tabs share one event stream", async () => {
  const context = await browser.newContext();
  let streams = 0;
  context.on("request", (request) => (streams += request.url().endsWith("/ui/events")));
  const tabs = [await Tab.open(context, service.url)];
  while (tabs.length < 7) tabs.push(await Tab.open(context, service.origin));
  await tabs[6].ask("Why is the sky blue?");
  assert.equal(streams, 1);
  await context.close();
});

test("when the tab that reads the stream is closed, another one goes on", async () => {
  const { context, tabs } = await open_seven();
  const [first, ...others] = tabs;
  await others[5].send("Tell me a story");
  await others[5].waitForStatus("running");
  await first.page.close();
  await others[5].waitForAnswers(1);
  await Promise.all(others.map((tab) => tab.ask("Why is the sky blue?", tab === others[5] ? 2 : 1)));
  await context.close();
});

test("a tab whose stream is silent takes over from one that sleeps", async () => {
  const context = await browser.newContext();
  // It holds the lock and passes nothing on, as if it were asleep.
  const holder = await context.newPage();
  await holder.goto(service.url);
  await holder.goto(`${service.origin}/icon.svg`);
  await holder.evaluate(() => {
    navigator.locks.request("rellama-stream", () => new Promise(() => {})).catch(() => {});
  });
  const tab = new Tab();
  tab.page = await context.newPage();
  tab.problems = [];
  await tab.page.clock.install();
  await tab.page.goto(service.origin);
  await tab.box.waitFor();
  await tab.page.clock.runFor(60_000);
  await tab.ask("Why is the sky blue?");
  await eventually(async () => /Rayleigh/.test(await tab.text()), "the answer");
  await context.close();
});
