// Ollama's own client, unmodified, against `rellama serve`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Ollama } from "ollama";
import { failing, model, question, serve, slow } from "./serve.mjs";

const messages = [{ role: "user", content: question }];

function client({ url, key }) {
  return new Ollama({ host: url, headers: { Authorization: `Bearer ${key}` } });
}

test("chat, as a whole and as a stream", async (t) => {
  const ollama = client(await serve(t));
  const whole = await ollama.chat({ model, messages });
  assert.match(whole.message.content, /sky is blue/);
  assert.equal(whole.done_reason, "stop");
  assert.ok(whole.eval_count > 0);
  let text = "";
  let last;
  for await (const part of await ollama.chat({ model, messages, stream: true })) {
    text += part.message.content;
    last = part;
  }
  assert.match(text, /sky is blue/);
  assert.equal(last.done, true);
});

test("generate, as a whole and as a stream", async (t) => {
  const ollama = client(await serve(t));
  const whole = await ollama.generate({ model, prompt: question, options: { num_predict: 5 } });
  assert.equal(whole.done_reason, "length");
  assert.equal(whole.eval_count, 5);
  let text = "";
  for await (const part of await ollama.generate({ model, prompt: question, stream: true })) {
    text += part.response;
  }
  assert.match(text, /sky is blue/);
});

test("list, show and version", async (t) => {
  const server = await serve(t);
  const ollama = client(server);
  const { models } = await ollama.list();
  assert.equal(models[0].model, model);
  assert.deepEqual((await ollama.show({ model })).capabilities, ["completion"]);
  assert.match((await ollama.version()).version, /^\d+\.\d+/);
  const headers = { Authorization: `Bearer ${server.key}` };
  assert.equal((await fetch(server.url, { method: "HEAD", headers })).status, 200);
});

test("refusals say why", async (t) => {
  const server = await serve(t);
  const ollama = client(server);
  await assert.rejects(ollama.chat({ model: "gpt-4o", messages }), { status_code: 404 });
  await assert.rejects(ollama.chat({ model, messages, format: "json" }), {
    status_code: 400,
    message: /format/,
  });
  await assert.rejects(client({ ...server, key: "wrong" }).list(), { status_code: 401 });
  assert.equal(await server.creates(), 0);
});

test("a stream that is cut is an error, and its prediction is created once", async (t) => {
  const server = await serve(t, failing);
  await assert.rejects(async () => {
    for await (const part of await client(server).chat({ model, messages, stream: true })) {
      assert.ok(part.message);
    }
  }, /prediction/);
  assert.equal(await server.creates(), 1);
});

test("abort cancels the prediction", async (t) => {
  const server = await serve(t, slow);
  const stream = await client(server).chat({ model, messages, stream: true });
  await assert.rejects(async () => {
    for await (const part of stream) {
      if (part.message.content) stream.abort();
    }
  });
  await server.seen("/cancel 200");
});
