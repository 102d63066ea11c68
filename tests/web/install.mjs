// Installs the packages of package-lock.json with the npm whose path is the argument. Without them
// the tests are skipped, except in CI.

import { spawnSync } from "node:child_process";

const { status } = spawnSync(process.argv[2], ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { stdio: "inherit" });
if (status !== 0) console.error("rellama: npm cannot install playwright-core and axe-core");
process.exit(process.env.CI ? status : 0);
