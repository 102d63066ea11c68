// Starts the built program: the emulator, and `rellama serve` in front of it.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const program = process.env.RELLAMA_PROGRAM;

function start(args, environment, log) {
  const child = spawn(program, args, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  createInterface({ input: child.stderr }).on("line", (line) => log.push(line));
  const url = new Promise((found, failed) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const match = /http:\S+/.exec(line);
      if (match) found(match[0]);
    });
    child.on("exit", (code) => failed(new Error(`${args[0]} ended with ${code}: ${log.join("\n")}`)));
  });
  const ended = new Promise((done) => child.on("exit", done));
  return { child, url, ended };
}

/// The emulator, `rellama serve`, and a home directory of their own.
export class Service {
  emulatorLog = [];
  serverLog = [];

  /// `emulator` and `serve` are options of the two commands.
  static async start({ emulator = [], serve = [], home = null } = {}) {
    const service = new Service();
    service.home = home ?? mkdtempSync(join(tmpdir(), "rellama-web-"));
    service.emulator = start(["emulator", "-v", ...emulator], process.env, service.emulatorLog);
    service.emulatorUrl = await service.emulator.url;
    await service.serve(serve);
    return service;
  }

  get environment() {
    const { PATH, NO_PROXY } = process.env;
    return {
      PATH, NO_PROXY, HOME: this.home, LANG: "C.UTF-8",
      REPLICATE_BASE_URL: this.emulatorUrl, REPLICATE_API_TOKEN: "r8_of_the_tests",
      RELLAMA_CONFIG: "", XDG_CONFIG_HOME: join(this.home, "config"), XDG_DATA_HOME: join(this.home, "data"),
      XDG_STATE_HOME: join(this.home, "state"), XDG_CACHE_HOME: join(this.home, "cache"),
    };
  }

  async serve(options) {
    this.server = start(["serve", ...(options.includes("--port") ? [] : ["--port", "0"]), ...options], this.environment, this.serverLog);
    this.url = await this.server.url;
    this.origin = new URL(this.url).origin;
  }

  /// Runs `rellama` with these arguments to its end.
  run(args, input = "") {
    const result = spawnSync(program, args, { env: this.environment, input, encoding: "utf8" });
    if (result.status !== 0) throw new Error(`rellama ${args.join(" ")}: ${result.stderr}`);
    return result.stdout;
  }

  /// What the emulator says of a prediction, such as its `input`.
  async prediction(id) {
    const response = await fetch(`${this.emulatorUrl}/predictions/${id}`, {
      headers: { authorization: "Bearer r8_of_the_tests" },
    });
    return response.json();
  }

  /// All predictions, newest first, with their inputs.
  async predictions() {
    const response = await fetch(`${this.emulatorUrl}/predictions`, {
      headers: { authorization: "Bearer r8_of_the_tests" },
    });
    return Promise.all((await response.json()).results.map(({ id }) => this.prediction(id)));
  }

  /// How many requests the emulator received that match.
  requests(pattern) {
    return this.emulatorLog.filter((line) => pattern.test(line)).length;
  }

  async stopServer() {
    this.server.child.kill("SIGTERM");
    await this.server.ended;
  }

  async stop() {
    this.server.child.kill("SIGTERM");
    this.emulator.child.kill("SIGTERM");
    await Promise.all([this.server.ended, this.emulator.ended]);
    rmSync(this.home, { recursive: true, force: true });
  }
}
