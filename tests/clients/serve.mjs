// `rellama serve` in front of the emulator, for the tests with other people's clients.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export const model = "meta/llama-2-70b-chat";
export const question = "Why is the sky blue?";

// Starts the program and waits for the line of its stdout that has a URL.
async function start(args, environment, on_line) {
  const program = spawn(process.env.RELLAMA_PROGRAM, args, {
    stdio: ["ignore", "pipe", on_line ? "pipe" : "inherit"],
    env: environment,
  });
  if (on_line) createInterface({ input: program.stderr }).on("line", on_line);
  for await (const line of createInterface({ input: program.stdout })) {
    const found = /http:\S+/.exec(line);
    if (found) return { program, url: new URL(found[0]) };
  }
  throw new Error("the program did not start: " + args.join(" "));
}

function ended(program) {
  if (program.exitCode !== null || program.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => program.once("exit", resolve));
}

// A server, and what its emulator was asked for.
export async function serve(t, { emulator = [], options = [] } = {}) {
  const home = mkdtempSync(join(tmpdir(), "rellama-"));
  const environment = {
    PATH: process.env.PATH,
    HOME: home,
    REPLICATE_API_TOKEN: "r8_test",
    REPLICATE_POLL_INTERVAL: "0.01",
    NO_PROXY: "*",
  };
  const requests = [];
  const waiting = [];
  const upstream = await start(["emulator", "-v", ...emulator], environment, (line) => {
    requests.push(line);
    for (const check of waiting) check();
  });
  environment.REPLICATE_BASE_URL = upstream.url.origin;
  const server = await start(["serve", "-n", "--port", "0", ...options], environment);
  t.after(async () => {
    server.program.kill();
    upstream.program.kill();
    await Promise.all([ended(server.program), ended(upstream.program)]);
    rmSync(home, { recursive: true, force: true });
  });
  const count = (end) => requests.filter((line) => line.includes(end)).length;
  const seen = (end, times = 1) =>
    new Promise((resolve) => {
      const check = () => {
        if (count(end) >= times) resolve();
      };
      waiting.push(check);
      check();
    });
  // The emulator logs one request after another: once a request of our own is logged, so is all
  // that came before it.
  let marks = 0;
  const count_now = async (end) => {
    const mark = `/mark-${++marks} `;
    await (await fetch(upstream.url.origin + mark.trim())).text();
    await seen(mark);
    return count(end);
  };
  return {
    url: server.url.origin,
    key: server.url.searchParams.get("key"),
    creates: () => count_now("/predictions 201"),
    cancels: () => count_now("/cancel 200"),
    // Resolves when the emulator has been asked for something `times` times.
    seen,
  };
}

// Slow enough to leave in the middle.
export const slow = { emulator: ["--token-rate", "20"] };
export const failing = { emulator: ["--fault", "predict:failed@3"] };
export const failing_at_once = { emulator: ["--fault", "predict:failed"] };
export const canceled_elsewhere = { emulator: ["--fault", "predict:canceled@3"] };
