// Vercel's AI SDK, unmodified, against `rellama serve`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, streamText } from "ai";
import { failing, model, question, serve, slow } from "./serve.mjs";

// Each way in which the SDK speaks to a server.
const kinds = {
  "openai (responses)": ({ url, key }) => createOpenAI({ baseURL: `${url}/v1`, apiKey: key })(model),
  "openai.chat": ({ url, key }) => createOpenAI({ baseURL: `${url}/v1`, apiKey: key }).chat(model),
  "openai.completion": ({ url, key }) => createOpenAI({ baseURL: `${url}/v1`, apiKey: key }).completion(model),
  "openai-compatible": ({ url, key }) =>
    createOpenAICompatible({ name: "rellama", baseURL: `${url}/v1`, apiKey: key, includeUsage: true })(model),
};

// Reads a stream to its end. Returns its text and its errors.
async function read(result) {
  let text = "";
  const errors = [];
  for await (const part of result.fullStream) {
    if (part.type === "text-delta") text += part.text;
    if (part.type === "error") errors.push(part.error);
  }
  return { text, errors };
}

for (const [kind, language_model] of Object.entries(kinds)) {
  test(`${kind}: generateText`, async (t) => {
    const server = await serve(t);
    const result = await generateText({ model: language_model(server), prompt: question });
    assert.match(result.text, /sky is blue/);
    assert.equal(result.finishReason, "stop");
    assert.ok(result.usage.outputTokens > 0);
  });

  test(`${kind}: streamText`, async (t) => {
    const server = await serve(t);
    const result = streamText({ model: language_model(server), system: "Be brief.", prompt: question });
    const { text, errors } = await read(result);
    assert.deepEqual(errors, []);
    assert.match(text, /sky is blue/);
    assert.equal(await result.finishReason, "stop");
    assert.ok((await result.usage).outputTokens > 0);
  });

  test(`${kind}: an answer that is cut short says so`, async (t) => {
    const server = await serve(t);
    const result = await generateText({ model: language_model(server), prompt: question, maxOutputTokens: 5 });
    assert.equal(result.finishReason, "length");
  });

  test(`${kind}: a failing prediction is created once`, async (t) => {
    const server = await serve(t, failing);
    await assert.rejects(generateText({ model: language_model(server), prompt: question, maxRetries: 3 }));
    assert.equal(await server.creates(), 1);
  });

  test(`${kind}: a stream that is cut is an error`, async (t) => {
    const server = await serve(t, failing);
    const result = streamText({ model: language_model(server), prompt: question, maxRetries: 3, onError() {} });
    const { errors } = await read(result);
    assert.equal(errors.length, 1);
    assert.equal(await server.creates(), 1);
  });

  test(`${kind}: abort cancels the prediction`, async (t) => {
    const server = await serve(t, slow);
    const controller = new AbortController();
    const result = streamText({
      model: language_model(server),
      prompt: question,
      abortSignal: controller.signal,
      onError() {},
    });
    for await (const part of result.fullStream) {
      if (part.type === "text-delta") controller.abort();
    }
    await server.seen("/cancel 200");
    assert.equal(await server.creates(), 1);
  });
}

test("a field that is not supported is refused, and not tried again", async (t) => {
  const server = await serve(t);
  const refused = generateText({
    model: kinds["openai.chat"](server),
    prompt: question,
    temperature: 9,
    maxRetries: 3,
  });
  await assert.rejects(refused, (error) => error.statusCode === 400 && /temperature/.test(error.message));
  assert.equal(await server.creates(), 0);
});
