// Runs a test file, or exits with 77, which means skipped, where there is no browser to run it in.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const browser = process.env.RELLAMA_CHROMIUM ?? "/usr/bin/chromium";
const missing = [browser, "node_modules/playwright-core", "node_modules/axe-core"].filter((path) => !existsSync(path));
if (missing.length > 0) {
  console.error(`rellama: skipped: there is no ${missing.join(" and no ")}`);
  process.exit(process.env.CI ? 1 : 77);
}
process.exit(spawnSync(process.execPath, ["--test", process.argv[2]], { stdio: "inherit" }).status ?? 1);
