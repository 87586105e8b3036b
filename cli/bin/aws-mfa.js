#!/usr/bin/env node
// Linked by npm before anything is compiled, so it is JavaScript and does nothing but load what the build makes.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const main = join(__dirname, "..", "dist", "main.js");
if (!existsSync(main)) {
  process.stderr.write(
    `aws-mfa is not built: ${main} is missing.\nRun this in the repository's folder: npm run build\n`,
  );
  process.exit(1);
}
require(main);
