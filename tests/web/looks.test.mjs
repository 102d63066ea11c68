// The page for everyone: narrow, dark, by keyboard, with a screen reader.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, findBarriers, launch, Tab } from "./support/browser.mjs";
import { Service } from "./support/program.mjs";

let browser, service;

before(async () => {
  browser = await launch();
  service = await Service.start({ emulator: ["--token-rate", "300"], serve: ["--example", "Why is the sky blue?"] });
});
after(async () => {
  await browser?.close();
  await service?.stop();
});

async function in_context(options, act) {
  const context = await browser.newContext(options);
  const tab = await Tab.open(context, service.url);
  await act(tab);
  tab.assertNoProblems();
  await context.close();
}

const kLooks = [
  { name: "light", options: { colorScheme: "light" } },
  { name: "dark", options: { colorScheme: "dark" } },
  { name: "320 pixels wide", options: { viewport: { width: 320, height: 640 } } },
  { name: "high contrast", options: { forcedColors: "active" } },
];

for (const { name, options } of kLooks) {
  test(`${name}: nothing is a barrier, and nothing is wider than the window`, () => in_context(options, async (tab) => {
    const check = async (what) => {
      assert.deepEqual(await findBarriers(tab), [], what);
      assert.ok(await tab.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what}: too wide`);
    };
    await check("the first page");
    await tab.ask("Write some code that counts words");
    await check("a conversation");
    await tab.openPanel("Settings");
    await tab.page.getByRole("spinbutton", { name: "Temperature" }).waitFor();
    await check("the settings");
    await tab.openPanel("History");
    await tab.page.locator(".conversations summary").first().click();
    await check("the history");
    await tab.page.goto(`${service.origin}/#/compare`);
    await tab.page.locator(".column").nth(1).waitFor();
    await tab.ask("Why is the sky blue?", 2);
    await check("a comparison");
  }));
}

test("dark is dark and light is light", async () => {
  const brightness = () => {
    const [red, green, blue] = getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g).map(Number);
    return (red + green + blue) / 3;
  };
  await in_context({ colorScheme: "dark" }, async (tab) => assert.ok((await tab.page.evaluate(brightness)) < 60));
  await in_context({ colorScheme: "light" }, async (tab) => assert.ok((await tab.page.evaluate(brightness)) > 200));
});

test("all of it works by keyboard, and the focus can be seen", () => in_context({}, async (tab) => {
  const { keyboard } = tab.page;
  const focused = () => tab.page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent);
  await tab.page.evaluate(() => document.getElementById("skip").focus());
  assert.equal(await focused(), "Skip to the message box");
  await keyboard.press("Enter");
  await keyboard.type("Why is the sky blue?");
  await keyboard.press("Enter");
  await tab.waitForAnswers(1);
  const seen = new Set();
  await tab.page.evaluate(() => document.getElementById("skip").focus());
  for (let i = 0; i < 80; ++i) {
    await keyboard.press("Tab");
    const [name, outline] = await tab.page.evaluate(() => {
      const node = document.activeElement;
      const style = getComputedStyle(node);
      const box = node.closest(".box");
      const isSeen = style.outlineStyle !== "none" || (box && getComputedStyle(box).boxShadow !== "none");
      return [node.getAttribute("aria-label") ?? node.textContent, node === document.body || isSeen];
    });
    assert.ok(outline, `the focus on ${name} cannot be seen`);
    seen.add(name);
  }
  for (const name of ["History", "New conversation", "Compare", "Settings", "Edit", "Copy", "Retry"]) {
    assert.ok(seen.has(name), `${name} is not reached: ${[...seen].join(", ")}`);
  }
}));

test("Escape closes a panel that covers the text, and the focus goes back", () => in_context(
  { viewport: { width: 400, height: 700 } }, async (tab) => {
    await tab.button("Settings").click();
    assert.equal(await tab.page.evaluate(() => document.getElementById("main").inert), true);
    await tab.page.keyboard.press("Escape");
    assert.equal(await tab.page.locator("#settings").isVisible(), false);
    assert.equal(await tab.page.evaluate(() => document.activeElement.textContent), "Settings");
  }));

test("a screen reader hears the states, and the text once it is done", () => in_context({}, async (tab) => {
  await tab.page.evaluate(() => {
    window.heard = [];
    for (const id of ["status", "reader"]) {
      const region = document.getElementById(id);
      new MutationObserver(() => region.textContent && heard.push(`${id}: ${region.textContent}`))
        .observe(region, { childList: true });
    }
  });
  assert.equal(await tab.page.locator("#status").getAttribute("role"), "status");
  await tab.ask("Why is the sky blue?");
  const heard = await eventually(
    () => tab.page.evaluate(() => heard.some((text) => text.startsWith("reader")) && heard), "the text is read");
  assert.ok(heard.includes("status: Answering"), heard.join("\n"));
  assert.ok(heard.some((text) => /^status: Done\. .*tokens/.test(text)), heard.join("\n"));
  const texts = heard.filter((text) => text.startsWith("reader: "));
  assert.equal(texts.length, 1);
  assert.match(texts[0], /The sky is blue.*less sensitive to it\./s);
  assert.equal(await tab.page.locator("main [aria-live], main [role=status], main [role=log]").count(), 0);
}));

test("nothing moves for those who asked for less motion", () => in_context({ reducedMotion: "reduce" }, async (tab) => {
  await tab.send("Why is the sky blue?");
  await tab.lastAnswer.waitFor();
  await tab.waitUntil(() => {
    window.moved ||= document.getAnimations().length > 0;
    return document.querySelector('main .answer[data-status="succeeded"]');
  });
  assert.equal(await tab.page.evaluate(() => window.moved), false);
}));
