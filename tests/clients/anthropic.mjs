// Anthropic's own client, unmodified, against `rellama serve`.

import assert from "node:assert/strict";
import { test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { failing, model, question, serve, slow } from "./serve.mjs";

const request = {
  model,
  max_tokens: 500,
  system: "Be brief.",
  messages: [{ role: "user", content: question }],
};

function client({ url, key }, options = {}) {
  return new Anthropic({ baseURL: url, apiKey: key, ...options });
}

test("messages.create", async (t) => {
  const message = await client(await serve(t)).messages.create(request);
  assert.equal(message.role, "assistant");
  assert.match(message.content[0].text, /sky is blue/);
  assert.equal(message.stop_reason, "end_turn");
  assert.ok(message.usage.input_tokens > 0 && message.usage.output_tokens > 0);
});

test("messages.stream", async (t) => {
  const stream = client(await serve(t)).messages.stream(request);
  let text = "";
  stream.on("text", (part) => (text += part));
  const message = await stream.finalMessage();
  assert.match(text, /sky is blue/);
  assert.equal(message.content[0].text, text);
  assert.equal(message.stop_reason, "end_turn");
  assert.ok(message.usage.output_tokens > 0);
});

test("an answer that is cut short, and one that a stop sequence ends, say so", async (t) => {
  const anthropic = client(await serve(t));
  const short = await anthropic.messages.create({ ...request, max_tokens: 5 });
  assert.equal(short.stop_reason, "max_tokens");
  const stopped = await anthropic.messages.create({ ...request, stop_sequences: ["light, an"] });
  assert.equal(stopped.stop_reason, "stop_sequence");
  assert.equal(stopped.stop_sequence, "light, an");
});

test("refusals are not repeated", async (t) => {
  const server = await serve(t);
  const anthropic = client(server);
  await assert.rejects(anthropic.messages.create({ ...request, model: "claude-3" }), Anthropic.NotFoundError);
  await assert.rejects(
    anthropic.messages.create({ ...request, tools: [{ name: "x", input_schema: { type: "object" } }] }),
    (error) => error instanceof Anthropic.BadRequestError && /tools/.test(error.message)
  );
  await assert.rejects(
    client({ ...server, key: "wrong" }).messages.create(request),
    Anthropic.AuthenticationError
  );
  assert.equal(await server.creates(), 0);
});

test("a failing prediction is created once, and a stream that is cut is an error", async (t) => {
  const server = await serve(t, failing);
  const anthropic = client(server, { maxRetries: 5 });
  await assert.rejects(anthropic.messages.create(request), { status: 422 });
  assert.equal(await server.creates(), 1);
  await assert.rejects(anthropic.messages.stream(request).finalMessage(), /prediction/);
  assert.equal(await server.creates(), 2);
});

test("abort cancels the prediction", async (t) => {
  const server = await serve(t, slow);
  const stream = client(server).messages.stream(request);
  stream.on("text", () => stream.abort());
  await assert.rejects(stream.finalMessage(), Anthropic.APIUserAbortError);
  await server.seen("/cancel 200");
  assert.equal(await server.creates(), 1);
});
