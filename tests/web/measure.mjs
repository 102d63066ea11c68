// Measures what an answer costs the browser: milliseconds of main-thread time of Chromium while it
// streams. Prints one JSON object.
//   RELLAMA_PROGRAM=build/…/rellama node measure.mjs [TOKENS…]

import { createServer } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, Tab } from "./support/browser.mjs";
import { Service } from "./support/program.mjs";

// The page is updated ten times a second, so this is an update every 20 tokens. A slower model takes
// longer and costs more in all: an update costs the browser a few milliseconds, however small it is.
const kTokensPerSecond = Number(process.env.RELLAMA_TOKEN_RATE ?? 200);

// Text as models write it: paragraphs, a list, code, a table, again and again.
const kPassage = `## How water moves

A river is **never** straight for long: a small bend makes the water on its *outer* side run faster, and fast water carries soil away. On the inner side it slows down and drops what it carries.

1. The outer bank is eroded, where the current is strongest.
2. The inner bank grows, with \`sand\` and gravel.
3. The bend becomes a loop, and one day the river cuts it off.

\`\`\`python
def sinuosity(channel_km, valley_km):
    if valley_km <= 0:
        raise ValueError("the valley must have a length")
    return channel_km / valley_km
\`\`\`

| River | Length | Sinuosity |
|---|---:|---:|
| Mississippi | 3,766 km | 1.9 |
| Rhine | 1,233 km | 1.3 |

`;

// A token is about four characters.
function answer(tokens) {
  let text = "";
  while (text.length < 4 * tokens) text += kPassage;
  return text.slice(0, 4 * tokens).match(/.{1,4}/gs);
}

/// An API with one model, which streams an answer of as many tokens as the prompt asks for.
function serve_model() {
  let wanted = [];
  const prediction = (server, status) => {
    const url = `http://127.0.0.1:${server.address().port}`;
    return {
      id: "measured", model: "meta/llama-2-70b-chat", version: "hidden", input: {}, status, error: null, logs: "",
      output: status === "succeeded" ? wanted : null, created_at: new Date().toISOString(),
      metrics: { predict_time: 1, input_token_count: 1, output_token_count: wanted.length },
      urls: { get: `${url}/v1/predictions/measured`, cancel: `${url}/v1/predictions/measured/cancel`, stream: `${url}/stream` },
    };
  };
  let done = false;
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    if (request.method === "POST") {
      done = false;
      wanted = answer(Number(/(\d+) tokens/.exec(body)[1]));
      response.writeHead(201, { "content-type": "application/json" });
      response.end(JSON.stringify(prediction(server, "starting")));
    } else if (request.url === "/stream") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const start = Date.now();
      let sent = 0;
      const timer = setInterval(() => {
        const due = Math.min(wanted.length, ((Date.now() - start) / 1000) * kTokensPerSecond);
        for (; sent < due; ++sent) {
          response.write(`event: output\nid: ${sent}\ndata: ${wanted[sent].replaceAll("\n", "\ndata: ")}\n\n`);
        }
        if (sent < wanted.length) return;
        clearInterval(timer);
        done = true;
        response.end(`event: done\nid: ${sent}\ndata: {}\n\n`);
      }, 10);
    } else if (request.url.startsWith("/v1/predictions")) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(prediction(server, done ? "succeeded" : "processing")));
    } else {
      response.writeHead(404, { "content-type": "application/json" });
      response.end('{"detail":"none","status":404}');
    }
  });
  return new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(server)));
}

const tokens = process.argv.slice(2).map(Number);
const model = await serve_model();
const home = mkdtempSync(join(tmpdir(), "rellama-measure-"));
const service = new Service();
service.home = home;
service.emulatorUrl = `http://127.0.0.1:${model.address().port}/v1`;
await service.serve([]);
const browser = await launch();
const figures = {};
for (const count of tokens.length > 0 ? tokens : [1840, 4096]) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const tab = await Tab.open(context, service.url);
  const session = await context.newCDPSession(tab.page);
  // The thread's own time: what else the machine does in between does not count.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const busy = async () => (await session.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value;
  const before = await busy();
  await tab.send(`Write ${count} tokens`);
  await tab.page.locator('main .answer[data-status="succeeded"]').waitFor({ timeout: 300_000 });
  figures[count] = Math.round(1000 * ((await busy()) - before));
  await context.close();
}
console.log(JSON.stringify({ main_thread_ms: figures }));
await browser.close();
service.server.child.kill("SIGTERM");
await service.server.ended;
model.close();
rmSync(home, { recursive: true, force: true });
