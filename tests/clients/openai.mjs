// OpenAI's own client, unmodified, against `rellama serve`. $RELLAMA_OPENAI: under which name it is
// installed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { canceled_elsewhere, failing, failing_at_once, model, question, serve, slow } from "./serve.mjs";

const { default: OpenAI } = await import(process.env.RELLAMA_OPENAI ?? "openai");

const messages = [
  { role: "system", content: "Be brief." },
  { role: "user", content: question },
];

function client({ url, key }, options = {}) {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: key, ...options });
}

async function refusal(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  assert.fail("it was not refused");
}

test("chat.completions.create", async (t) => {
  const server = await serve(t);
  const { data, response } = await client(server)
    .chat.completions.create({ model, messages, seed: 1, temperature: 0.1 })
    .withResponse();
  const [choice] = data.choices;
  assert.equal(choice.message.role, "assistant");
  assert.match(choice.message.content, /sky is blue/);
  assert.equal(choice.finish_reason, "stop");
  assert.ok(data.usage.prompt_tokens > 0 && data.usage.completion_tokens > 0);
  assert.equal(data.model, model);
  assert.equal(response.headers.get("x-request-id"), data.id);
});

test("chat.completions.create with stream gives the same text, and the usage that was asked for", async (t) => {
  const openai = client(await serve(t));
  const request = { model, messages, seed: 1 };
  const whole = await openai.chat.completions.create(request);
  const stream = await openai.chat.completions.create({
    ...request,
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = "";
  let reason = null;
  let usage;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? "";
    reason ??= chunk.choices[0]?.finish_reason ?? null;
    usage = chunk.usage ?? usage;
  }
  assert.equal(text, whole.choices[0].message.content);
  assert.equal(reason, "stop");
  assert.deepEqual(usage, whole.usage);
});

test("the stream helper of the client collects the message", async (t) => {
  const { chat, beta } = client(await serve(t));
  const stream = (beta.chat ?? chat).completions.stream({ model, messages });
  assert.match((await stream.finalChatCompletion()).choices[0].message.content, /sky is blue/);
});

test("an answer that is cut short says so", async (t) => {
  const openai = client(await serve(t));
  const answer = await openai.chat.completions.create({ model, messages, max_tokens: 5 });
  assert.equal(answer.choices[0].finish_reason, "length");
  assert.equal(answer.usage.completion_tokens, 5);
});

test("a stop sequence with a comma ends the answer", async (t) => {
  const server = await serve(t, slow);
  const answer = await client(server).chat.completions.create({ model, messages, stop: ["light, an"] });
  assert.match(answer.choices[0].message.content, /scatters sun$/);
  assert.equal(answer.choices[0].finish_reason, "stop");
  assert.equal(await server.cancels(), 1);
});

test("completions.create, as a whole and as a stream", async (t) => {
  const openai = client(await serve(t));
  const whole = await openai.completions.create({ model, prompt: question });
  assert.match(whole.choices[0].text, /sky is blue/);
  let text = "";
  for await (const chunk of await openai.completions.create({ model, prompt: question, stream: true })) {
    text += chunk.choices[0].text;
  }
  assert.match(text, /sky is blue/);
});

test("responses.create, as a whole and as a stream", async (t) => {
  const openai = client(await serve(t));
  const whole = await openai.responses.create({ model, input: question, instructions: "Be brief." });
  assert.match(whole.output_text, /sky is blue/);
  let text = "";
  let last;
  for await (const event of await openai.responses.create({ model, input: question, stream: true })) {
    if (event.type === "response.output_text.delta") text += event.delta;
    last = event;
  }
  assert.match(text, /sky is blue/);
  assert.equal(last.type, "response.completed");
  assert.equal(last.response.output[0].content[0].text, text);
});

test("models.list and models.retrieve", async (t) => {
  const openai = client(await serve(t));
  const ids = [];
  for await (const each of openai.models.list()) ids.push(each.id);
  assert.equal(ids[0], model);
  assert.equal((await openai.models.retrieve(model)).id, model);
  assert.equal((await refusal(() => openai.models.retrieve("no-such/model"))).status, 404);
});

test("a wrong key, an unknown model and a field that is not supported are refused once", async (t) => {
  const server = await serve(t);
  const openai = client(server);
  const wrong = await refusal(() => client({ ...server, key: "x".repeat(32) }).models.list());
  assert.equal(wrong.status, 401);
  const unknown = await refusal(() => openai.chat.completions.create({ model: "gpt-4o", messages }));
  assert.equal(unknown.status, 404);
  assert.equal(unknown.param, "model");
  assert.equal(unknown.code, "model_not_found");
  for (const [param, value] of [["n", 2], ["tools", [{ type: "function" }]], ["temperature", 9]]) {
    const refused = await refusal(() => openai.chat.completions.create({ model, messages, [param]: value }));
    assert.equal(refused.status, 400);
    assert.equal(refused.param, param);
  }
  assert.equal(await server.creates(), 0);
});

test("a failing prediction is created once, however often the client would try", async (t) => {
  const server = await serve(t, failing);
  const openai = client(server, { maxRetries: 5 });
  const failed = await refusal(() => openai.chat.completions.create({ model, messages }));
  assert.equal(failed.status, 422);
  assert.match(failed.message, /prediction/);
  assert.equal(await server.creates(), 1);
});

test("a prediction that fails before its first token is created once", async (t) => {
  const server = await serve(t, failing_at_once);
  const openai = client(server, { maxRetries: 5 });
  await refusal(async () => {
    const stream = await openai.chat.completions.create({ model, messages, stream: true });
    for await (const chunk of stream) assert.ok(chunk);
  });
  assert.equal(await server.creates(), 1);
});

for (const [name, upstream] of [["failed", failing], ["was canceled elsewhere", canceled_elsewhere]]) {
  test(`a stream whose prediction ${name} is an error, and no success`, async (t) => {
    const server = await serve(t, upstream);
    const openai = client(server);
    const error = await refusal(async () => {
      const stream = await openai.chat.completions.create({ model, messages, stream: true });
      for await (const chunk of stream) assert.ok(chunk.choices);
    });
    assert.match(error.message, /prediction/);
    assert.equal(await server.creates(), 1);
  });
}

test("a client that leaves a stream has its prediction canceled", async (t) => {
  const server = await serve(t, slow);
  const stream = await client(server).chat.completions.create({ model, messages, stream: true });
  for await (const chunk of stream) {
    if (chunk.choices[0].delta.content) break;
  }
  await server.seen("/cancel 200");
  assert.equal(await server.creates(), 1);
});

test("a client that leaves before the whole answer has its prediction canceled", async (t) => {
  const server = await serve(t, slow);
  const controller = new AbortController();
  const answer = client(server).chat.completions.create({ model, messages }, { signal: controller.signal });
  await server.seen("/v1/streams/");
  controller.abort();
  await assert.rejects(answer, OpenAI.APIUserAbortError);
  await server.seen("/cancel 200");
  assert.equal(await server.creates(), 1);
});

test("a client that leaves while the model boots has its prediction canceled", async (t) => {
  const server = await serve(t, { emulator: ["--cold-boot", "1h"] });
  const controller = new AbortController();
  const stream = await client(server).chat.completions.create(
    { model, messages, stream: true },
    { signal: controller.signal }
  );
  const reading = (async () => {
    for await (const chunk of stream) assert.ok(chunk);
  })();
  await server.seen("/predictions 201");
  controller.abort();
  await reading.catch(() => {});
  await server.seen("/cancel 200");
});

test("the limit on predictions is told with the time to wait, and nothing is created", async (t) => {
  const server = await serve(t, { options: ["--max-predictions-per-hour", "1"] });
  const openai = client(server, { maxRetries: 0 });
  await openai.chat.completions.create({ model, messages });
  const refused = await refusal(() => openai.chat.completions.create({ model, messages }));
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers["retry-after"] ?? refused.headers.get?.("retry-after")) > 0);
  assert.equal(await server.creates(), 1);
});
