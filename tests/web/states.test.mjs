// The states of an answer: waiting, booting, stopping, failing, and picking it up again.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { eventually, launch, Tab } from "./support/browser.mjs";
import { Service } from "./support/program.mjs";

let browser, service, context, tab;

// A service with these options for the tests that follow, and a fresh tab for each.
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

const kCancel = /POST \/v1\/predictions\/\w+\/cancel/;

// Stop, and what follows: the state says stopping, the emulator gets the cancel, and only then the
// page says canceled.
async function stop_and_check() {
  const before = service.requests(kCancel);
  await tab.button("Stop").click();
  await tab.waitForStatus("canceled");
  await eventually(() => service.requests(kCancel) > before, "the cancel reaches the emulator");
  assert.match(await tab.lastAnswer.locator(".state").innerText(), /Canceled/);
  await tab.button("Send").waitFor();
}

before(async () => {
  browser = await launch();
});
after(() => browser.close());

describe("while it boots", () => {
  with_service({ emulator: ["--cold-boot", "60s"] });

  test("the page says so and for how long", async () => {
    await tab.send("Why is the sky blue?");
    await tab.waitForStatus("booting");
    await tab.page.getByText(/Booting for [1-9]\d* s/).waitFor();
    await stop_and_check();
  });

  test("Stop is confirmed by the server", async () => {
    await tab.send("Why is the sky blue?");
    await tab.waitForStatus("booting");
    await stop_and_check();
    assert.equal((await service.predictions())[0].status, "canceled");
  });

  test("Stop works right after a reload", async () => {
    await tab.send("Why is the sky blue?");
    await tab.waitForStatus("booting");
    await tab.page.reload();
    await stop_and_check();
  });

  test("Stop before the server has replied stops the run all the same", async () => {
    let release;
    const held = new Promise((done) => (release = done));
    await tab.page.route("**/ui/runs", async (route) => {
      const response = await route.fetch();
      await held;
      await route.fulfill({ response });
    });
    await tab.send("Why is the sky blue?");
    await tab.waitForStatus("sending");
    await tab.button("Stop").click();
    await tab.button("Stopping…").waitFor();
    release();
    await tab.waitForStatus("canceled");
  });
});

describe("while it is written", () => {
  with_service({ emulator: ["--token-rate", "20"] });

  test("Stop keeps what has arrived", async () => {
    await tab.send("Why is the sky blue?");
    await tab.page.locator(".md", { hasText: "air scatters" }).waitFor();
    await stop_and_check();
    assert.match(await tab.text(), /^The sky is blue because of the way air scatters/);
    await tab.page.reload();
    await tab.waitForAnswers(1, "canceled");
    assert.match(await tab.text(), /^The sky is blue because of the way air scatters/);
  });

  test("Stop is a state until the server confirms it", async () => {
    await tab.send("Why is the sky blue?");
    await tab.waitForStatus("running");
    const held = new Promise((done) => tab.page.route("**/stop", done));
    await tab.button("Stop").click();
    const stop = await held;
    await tab.waitForStatus("stopping");
    await tab.lastAnswer.getByText("Stopping").waitFor();
    // More text arrives: it is still not stopped.
    const size = (await tab.text()).length;
    await tab.waitUntil((size) => document.querySelector(".md").innerText.length > size, size);
    assert.equal(await tab.lastAnswer.getAttribute("data-status"), "stopping");
    // Held back until here.
    await stop.continue();
    await tab.waitForStatus("canceled");
  });

  test("a reload picks the answer up where it is", async () => {
    await tab.send("Why is the sky blue?");
    await tab.page.locator(".md", { hasText: "air scatters" }).waitFor();
    const id = await tab.predictionId();
    await tab.page.reload();
    await tab.waitForStatus("running");
    assert.equal(await tab.predictionId(), id);
    assert.match(await tab.text(), /air scatters/);
    const size = (await tab.text()).length;
    await tab.waitUntil((size) => document.querySelector(".md").innerText.length > size, size);
    assert.equal(service.requests(/POST .*\/predictions 201/), (await service.predictions()).length);
  });

  test("a second tab shows the same answer as it grows", async () => {
    await tab.send("Why is the sky blue?");
    await tab.waitForStatus("running");
    const second = await Tab.open(context, tab.page.url());
    await second.waitForStatus("running");
    const size = (await second.text()).length;
    await second.waitUntil((size) => document.querySelector(".md").innerText.length > size, size);
    second.assertNoProblems();
  });

  test("a tab on the first page offers what is still being answered", async () => {
    await tab.send("Why is the sky blue?");
    await tab.waitForStatus("running");
    const second = await Tab.open(context, service.origin);
    const link = second.page.locator(".welcome a", { hasText: "Why is the sky blue?" }).first();
    await link.click();
    await second.waitForStatus("running");
  });

  test("closing the tab lets the run finish, and the page says so", async () => {
    await tab.page.getByText("Answers go on if you close this tab.").waitFor();
    await tab.send("Tell me a story");
    await tab.waitForStatus("running");
    const id = await tab.predictionId();
    await tab.page.close();
    await eventually(async () => (await service.prediction(id)).status === "succeeded", "the run ends well");
  });
});

describe("with --cancel-on-close", () => {
  with_service({ emulator: ["--token-rate", "20"], serve: ["--cancel-on-close"] });

  test("closing the tab cancels its run, and the page says so", async () => {
    await tab.page.getByText("Closing or reloading this tab cancels its answers.").waitFor();
    await tab.send("Why is the sky blue?");
    await tab.waitForStatus("running");
    const id = await tab.predictionId();
    await tab.page.close({ runBeforeUnload: false });
    await eventually(async () => (await service.prediction(id)).status === "canceled", "the run is canceled");
  });
});

describe("with one run at a time", () => {
  with_service({ emulator: ["--token-rate", "20"], serve: ["--max-concurrent", "1"] });

  test("a second run says its place in the line, and can be stopped there", async () => {
    await tab.send("Why is the sky blue?");
    await tab.waitForStatus("running");
    const second = await Tab.open(context, service.origin);
    await second.send("Tell me a story");
    await second.page.getByText(/Queued.*number 1 in line/).waitFor();
    await second.button("Stop").click();
    await second.waitForStatus("canceled");
    second.assertNoProblems();
    await stop_and_check();
  });
});

describe("when the model fails", () => {
  with_service({ emulator: ["--token-rate", "100", "--fault", "predict:failed@30*1"] });

  test("the error stands below what had arrived, and Retry works", async () => {
    await tab.send("Why is the sky blue?");
    await tab.waitForAnswers(1, "failed");
    assert.match(await tab.text(), /^The sky is blue/);
    const error = await tab.lastAnswer.locator(".note.error").innerText();
    assert.match(error, /\w+/);
    assert.match(error, /What had arrived is kept\./);
    await tab.page.reload();
    await tab.waitForAnswers(1, "failed");
    assert.match(await tab.lastAnswer.locator(".note.error").innerText(), /\w+/);
    await tab.lastAnswer.getByText("Retry").click();
    await tab.waitForAnswers(1, "succeeded");
    assert.equal(await tab.lastAnswer.locator(".branches").innerText(), "‹2/2›");
  });
});

describe("when the server ends", () => {
  with_service({ emulator: ["--token-rate", "100"] });

  test("the page says so, keeps the message, and goes on when it is back", async () => {
    const port = new URL(service.url).port;
    await service.stopServer();
    await tab.page.locator(".lost").waitFor();
    await tab.send("Why is the sky blue?");
    await tab.page.locator("[role=alert]", { hasText: "The server cannot be reached" }).waitFor();
    assert.equal(await tab.box.inputValue(), "Why is the sky blue?");
    await service.serve(["--port", port]);
    await tab.page.locator(".lost").waitFor({ state: "hidden" });
    await tab.box.press("Enter");
    await tab.waitForAnswers(1);
  });
});
