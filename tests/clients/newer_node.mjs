// Runs the tests of openai.mjs with the newest major version of the client, which needs a newer
// Node than distributions have: this one if it is new enough, otherwise that of an npm package.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const needed = 22;
const own = Number(process.versions.node.split(".")[0]) >= needed;
const packaged = `node_modules/node-${process.platform}-${process.arch}/bin/node`;
const node = own ? process.execPath : packaged;
if (!existsSync(node)) {
  console.log(`skipped: needs Node ${needed}, which npm does not have for this machine`);
  process.exit(process.env.CI ? 1 : 77);
}
const result = spawnSync(node, ["--test", "openai.mjs"], {
  stdio: "inherit",
  env: { ...process.env, RELLAMA_OPENAI: "openai-newest" },
});
process.exit(result.status ?? 1);
