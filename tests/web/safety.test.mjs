// What a model writes is text: it runs nothing, loads nothing and leads nowhere by itself.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { launch, Tab } from "./support/browser.mjs";
import { Service } from "./support/program.mjs";

let browser, service, context, tab, elsewhere, visits;

before(async () => {
  browser = await launch();
  service = await Service.start();
  elsewhere = createServer((request, response) => {
    visits.push(request.url);
    response.end();
  });
  await new Promise((done) => elsewhere.listen(0, "127.0.0.1", done));
});
after(async () => {
  await browser?.close();
  await service?.stop();
  elsewhere?.close();
});
beforeEach(async () => {
  visits = [];
  context = await browser.newContext();
  tab = await Tab.open(context, service.url);
});
afterEach(() => context.close());

// The emulator answers this with the text of the prompt.
async function have_it_say(text) {
  await tab.ask(`Who said what?\n\n${text}`);
}

const address = () => `http://127.0.0.1:${elsewhere.address().port}`;

test("a script in an answer is text", async () => {
  await have_it_say('<script>window.harmed = 1</script> <img src=x onerror="window.harmed = 1">');
  assert.match(await tab.text(), /<script>window\.harmed = 1<\/script>/);
  assert.equal(await tab.page.evaluate(() => window.harmed), undefined);
  assert.equal(await tab.page.locator(".md script, .md img").count(), 0);
  tab.assertNoProblems();
});

test("an image in an answer is its description, and is not fetched", async () => {
  await have_it_say(`![a cat](${address()}/cat.png) and <img src="${address()}/dog.png">`);
  assert.match(await tab.text(), /a cat/);
  assert.equal(await tab.page.locator("main img").count(), 0);
  assert.deepEqual(visits, []);
  tab.assertNoProblems();
});

test("only http, https and mailto are links", async () => {
  await have_it_say("[one](javascript:window.harmed=1) [two](data:text/html,x) [three](https://example.org/) "
    + "[four](JaVaScRiPt:window.harmed=1) [five](mailto:a@example.org) [six](vbscript:x) [seven](/ui/state) [eight](file:///etc/passwd)");
  const links = await tab.page.locator(".md a").evaluateAll((all) => all.map((each) => each.getAttribute("href")));
  assert.deepEqual(links, ["https://example.org/", "mailto:a@example.org"]);
  const link = tab.page.locator(".md a").first();
  assert.equal(await link.getAttribute("rel"), "noreferrer noopener");
  assert.match(await tab.text(), /one two three four five six seven eight/);
});

test("the page checks links by itself, whatever the server says", async () => {
  await tab.ask("Hello");
  const hostile = [
    { t: "p", c: [{ t: "a", href: "javascript:window.harmed=1", c: ["one"] }, { t: "a", href: "/ui/state", c: ["two"] }] },
    { t: "file", name: "three", url: "data:text/html,x" },
    { t: "file", name: "four", url: "https://example.org/four" },
    { t: "script", c: ["window.harmed = 1"] },
    { t: "p", c: [{ t: "script", c: ["window.harmed = 1"] }, { t: "img", src: `${address()}/image.png`, c: ["five"] }] },
  ];
  // What it says of the run, which has just ended, would count for more.
  await tab.page.route("**/ui/events", (route) => route.abort());
  await tab.page.route("**/ui/conversations/*", async (route) => {
    const response = await route.fetch();
    const conversation = await response.json();
    conversation.messages.at(-1).blocks = hostile;
    await route.fulfill({ response, json: conversation });
  });
  await tab.page.reload();
  await tab.page.locator(".md", { hasText: "four" }).waitFor();
  const links = await tab.page.locator(".md a").evaluateAll((all) => all.map((each) => each.href));
  assert.deepEqual(links, ["https://example.org/four"]);
  assert.equal(await tab.page.locator(".md script, .md img").count(), 0);
  assert.equal(await tab.page.evaluate(() => window.harmed), undefined);
  assert.deepEqual(visits, []);
});

test("the page asks nobody but its own server for anything", async () => {
  const hosts = new Set();
  tab.page.on("request", (request) => hosts.add(new URL(request.url()).origin));
  await tab.page.reload();
  await have_it_say(`A [link](${address()}/link) and ![image](${address()}/image.png)`);
  assert.deepEqual([...hosts], [service.origin]);
  assert.deepEqual(visits, []);
});

test("the token is in nothing that reaches the browser", async () => {
  const bodies = [];
  tab.page.on("response", (response) => {
    if (!response.url().endsWith("/ui/events")) bodies.push(response.text().catch(() => ""));
  });
  await tab.page.reload();
  await tab.ask("Why is the sky blue?");
  await tab.openPanel("Settings");
  await tab.button("Copy as curl").click();
  await tab.page.locator(".equivalent pre").waitFor();
  for (const body of await Promise.all(bodies)) assert.ok(!body.includes("r8_of_the_tests"));
});

test("a page of another origin can neither read nor start anything", async () => {
  const foreign = await context.newPage();
  await foreign.goto(`${address()}/`);
  const results = await foreign.evaluate(async (origin) => {
    const attempt = (path, options) => fetch(origin + path, { credentials: "include", ...options }).then(
      (response) => response.status, (error) => error.name);
    return [
      await attempt("/ui/state"),
      await attempt("/ui/runs", { method: "POST", body: '{"prompt":"x"}' }),
      await attempt("/ui/runs", {
        method: "POST", body: '{"prompt":"x"}', headers: { "content-type": "application/json" },
      }),
    ];
  }, service.origin);
  assert.deepEqual(results, ["TypeError", "TypeError", "TypeError"]);
  assert.equal(service.requests(/POST .*predictions/), (await service.predictions()).length);
});

test("without the key the page says where to get it", async () => {
  const stranger = await browser.newContext();
  const page = await stranger.newPage();
  const response = await page.goto(service.origin);
  assert.equal(response.status(), 401);
  assert.match(await page.locator("body").innerText(), /rellama serve/);
  await stranger.close();
});

test("strings cannot become markup or scripts, by the browser's own rules", async () => {
  const results = await tab.page.evaluate(() => {
    const attempt = (act) => {
      try {
        act();
        return "allowed";
      } catch (error) {
        return error.name;
      }
    };
    return [
      attempt(() => (document.createElement("div").innerHTML = "<b>x</b>")),
      attempt(() => (document.createElement("script").text = "1")),
      attempt(() => trustedTypes.createPolicy("any", {})),
    ];
  });
  assert.deepEqual(results, ["TypeError", "TypeError", "TypeError"]);
});
