#!/usr/bin/env node
// Linked by npm before anything is built, so it is JavaScript and does nothing but load what the build makes.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const dist = join(__dirname, "..", "dist");
if (!existsSync(join(dist, "main.mjs"))) {
  process.stderr.write(
    `aws-mfa is not built: ${join(dist, "main.mjs")} is missing.\nRun this in the repository's folder: npm run build\n`,
  );
  process.exit(1);
}
require("../dist/fast-path.js")
  .fastPath(process.argv.slice(2))
  .then((answered) => answered || import("../dist/main.mjs"));
