// Calls every method of the official JavaScript client that docs/emulator.md lists, against the
// emulator that $RELLAMA_PROGRAM has.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { test, before, after } from "node:test";
import Replicate, { validateWebhook } from "replicate";

const model = "meta/llama-2-70b-chat";
const input = { prompt: "Why is the sky blue?" };

let emulator;
let url;
let replicate;

async function start(...options) {
  const program = spawn(process.env.RELLAMA_PROGRAM, ["emulator", ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: program.stdout })) {
    const found = /http:\S+/.exec(line);
    if (found) return { program, url: found[0] };
  }
  throw new Error("the emulator did not start");
}

function client(baseUrl, options = {}) {
  return new Replicate({ auth: "r8_test", baseUrl, ...options });
}

before(async () => {
  ({ program: emulator, url } = await start());
  replicate = client(url);
});

after(() => emulator.kill());

async function is_refused(call, status) {
  await assert.rejects(call, (error) => error.response.status === status);
}

test("accounts.current", async () => {
  assert.equal((await replicate.accounts.current()).username, "rellama-demo");
});

test("a refused token is an error", async () => {
  await is_refused(client(url, { auth: "r8_invalid" }).accounts.current(), 401);
});

test("collections.list and collections.get", async () => {
  const { results } = await replicate.collections.list();
  const collection = await replicate.collections.get(results[0].slug);
  assert.equal(collection.slug, "language-models");
  assert.ok(collection.models.some((each) => each.name === "llama-2-70b-chat"));
});

test("deployments.list, deployments.get and deployments.predictions.create", async () => {
  const { results } = await replicate.deployments.list();
  const { owner, name } = results[0];
  assert.deepEqual(await replicate.deployments.get(owner, name), results[0]);
  const prediction = await replicate.deployments.predictions.create(owner, name, { input });
  assert.equal((await replicate.wait(prediction, { interval: 10 })).status, "succeeded");
});

test("files.create, files.get, files.list and files.delete", async () => {
  const bytes = Buffer.from([0, 13, 10, 45, 45, 255]);
  const file = await replicate.files.create(bytes, { order: 123 });
  assert.equal(file.size, bytes.length);
  assert.equal(file.checksums.sha256, createHash("sha256").update(bytes).digest("hex"));
  assert.deepEqual(file.metadata, { order: 123 });
  assert.deepEqual(await replicate.files.get(file.id), file);
  assert.ok((await replicate.files.list()).results.some((each) => each.id === file.id));
  assert.equal(await replicate.files.delete(file.id), true);
  await is_refused(replicate.files.get(file.id), 404);
});

test("hardware.list", async () => {
  assert.equal((await replicate.hardware.list())[0].sku, "cpu");
});

test("models.get, models.list, models.search and models.versions", async () => {
  const [owner, name] = model.split("/");
  const { latest_version: latest } = await replicate.models.get(owner, name);
  assert.equal((await replicate.models.versions.list(owner, name)).results[0].id, latest.id);
  assert.equal((await replicate.models.versions.get(owner, name, latest.id)).id, latest.id);
  assert.ok((await replicate.models.list()).results.length > 1);
  const found = await replicate.models.search("falcon");
  assert.deepEqual(found.results.map((each) => each.name), ["falcon-40b-instruct"]);
});

test("predictions.create, predictions.get, predictions.cancel and predictions.list", async (t) => {
  const slow = await start("--cold-boot", "1h");
  t.after(() => slow.program.kill());
  const patient = client(slow.url);
  const prediction = await patient.predictions.create({ model, input });
  assert.equal((await patient.predictions.get(prediction.id)).status, "starting");
  assert.equal((await patient.predictions.cancel(prediction.id)).status, "canceled");
  const { results } = await patient.predictions.list();
  assert.deepEqual(results.map((each) => each.id), [prediction.id]);
});

test("run by name, by version, and by polling, and its progress", async () => {
  const expected = (await replicate.run(model, { input })).join("");
  assert.match(expected, /sky is blue/);
  const { latest_version: latest } = await replicate.models.get(...model.split("/"));
  const statuses = [];
  const polled = await replicate.run(
    `${model}:${latest.id}`,
    { input, wait: { mode: "poll", interval: 10 } },
    (prediction) => statuses.push(prediction.status)
  );
  assert.match(polled.join(""), /sky is blue/);
  assert.equal(statuses[0], "starting");
  assert.equal(statuses.at(-1), "succeeded");
});

test("run uploads a file, or sends a data URL where that fails", async (t) => {
  const broken = await start("--fault", "upload:503");
  t.after(() => broken.program.kill());
  const prompt = new Blob(["hello"], { type: "text/plain" });
  const echo = async (baseUrl) =>
    (await client(baseUrl).run("rellama-demo/echo", { input: { prompt } })).join("");
  assert.match(await echo(url), /\/v1\/files\/[0-9a-f]+/);
  assert.match(await echo(broken.url), /data:text\/plain;base64,aGVsbG8=/);
});

test("a failed run is an error with its reason", async (t) => {
  const broken = await start("--fault", "predict:failed@3");
  t.after(() => broken.program.kill());
  await assert.rejects(client(broken.url).run(model, { input }), /Prediction failed: /);
});

test("a 429 is waited for", async (t) => {
  const busy = await start("--fault", "get:429@0*1");
  t.after(() => busy.program.kill());
  const prediction = await client(busy.url).predictions.create({ model, input });
  assert.equal((await client(busy.url).predictions.get(prediction.id)).id, prediction.id);
});

test("stream", async () => {
  let text = "";
  const events = [];
  for await (const { event, data } of replicate.stream(model, { input })) {
    events.push(event);
    if (event === "output") text += data;
  }
  assert.equal(text, (await replicate.run(model, { input })).join(""));
  assert.equal(events.at(-1), "done");
});

test("paginate", async () => {
  const ids = [];
  for await (const page of replicate.paginate(replicate.models.list)) {
    ids.push(...page.map((each) => `${each.owner}/${each.name}`));
  }
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.includes(model));
});

test("webhooks.default.secret.get, and webhooks that validateWebhook accepts", async () => {
  const { key: secret } = await replicate.webhooks.default.secret.get();
  const received = [];
  await new Promise((resolve, reject) => {
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const part of request) body += part;
      response.end();
      const valid = await validateWebhook({
        id: request.headers["webhook-id"],
        timestamp: request.headers["webhook-timestamp"],
        signature: request.headers["webhook-signature"],
        body,
        secret,
      });
      received.push([JSON.parse(body).status, valid]);
      if (received.length === 2) server.close(resolve);
    });
    server.listen(0, "127.0.0.1", () => {
      const webhook = `http://127.0.0.1:${server.address().port}/`;
      const webhook_events_filter = ["start", "completed"];
      replicate.predictions.create({ model, input, webhook, webhook_events_filter }).catch(reject);
    });
  });
  assert.deepEqual(received, [["processing", true], ["succeeded", true]]);
});

test("what needs an account is not found", async () => {
  await is_refused(replicate.trainings.list(), 404);
  await is_refused(replicate.models.create("a", "b", { visibility: "private", hardware: "cpu" }), 404);
  await is_refused(replicate.deployments.create({ name: "a" }), 404);
});
