// Takes the pictures of the page for the documentation: node pictures.mjs DIRECTORY

import { join } from "node:path";
import { launch, Tab } from "./support/browser.mjs";
import { Service } from "./support/program.mjs";

const directory = process.argv[2];
const size = { width: 1280, height: 800 };
const earlier = [
  "Draft a letter to the landlord",
  "Give me ideas for a rainy day",
  "Explain closures with a short example",
  "Tell me a story about a lighthouse",
  "Write some code that counts words",
];

const browser = await launch();

async function take(name, { options, scheme = "light" }, show) {
  const service = await Service.start(options);
  const context = await browser.newContext({ viewport: size, colorScheme: scheme });
  try {
    await show(await Tab.open(context, service.url), service);
    const [page] = context.pages();
    await page.screenshot({ path: join(directory, `${name}.png`) });
  } finally {
    await context.close();
    await service.stop();
  }
}

const at_a_pace = {
  emulator: ["--token-rate", "70"],
  serve: ["--title", "Ask Llama", "-s", "You are a helpful, honest assistant."],
};

await take("conversation", { options: at_a_pace, scheme: "dark" }, async (tab, service) => {
  for (const prompt of earlier) service.run(["--max-tokens", "5", prompt]);
  await tab.page.reload();
  await tab.openPanel("History");
  await tab.openPanel("Settings");
  await tab.send("Why is the sky blue?");
  await tab.waitUntil(() => document.querySelectorAll("main .answer .md li").length === 2);
});

await take("compare", { options: {} }, async (tab, service) => {
  for (const prompt of earlier) service.run(["--max-tokens", "5", prompt]);
  await tab.page.reload();
  await tab.openPanel("History");
  await tab.page.getByRole("link", { name: "Compare" }).click();
  const second = tab.page.locator(".column").nth(1);
  const details = second.locator("details");
  if ((await details.getAttribute("open")) === null) await details.locator("summary").click();
  await details.getByLabel("Model", { exact: true }).selectOption("meta/meta-llama-3-8b-instruct");
  await details.getByRole("spinbutton", { name: "Temperature" }).waitFor();
  await details.locator("summary").click();
  await tab.send("Give me ideas for a rainy day");
  await tab.waitUntil(() =>
    document.querySelectorAll('.column .answer[data-status="succeeded"]').length === 2);
  await tab.page.evaluate(() => scrollTo(0, 0));
});

const single = ["--single", "--title", "Ask Llama 2", "--description", "One question, one answer."];
for (const example of ["Why is the sky blue?", "Tell me a story"]) single.push("--example", example);
await take("single", { options: { serve: single } }, async (tab) => {
  await tab.send("Why is the sky blue?");
  await tab.waitForStatus("succeeded");
  await tab.page.evaluate(() => scrollTo(0, 0));
});

await browser.close();
