#!/usr/bin/env node
// npm links this file before the build, so it is JavaScript. It answers --version, and loads everything else from dist/.
const { existsSync, writeSync } = require("node:fs");
const { join } = require("node:path");

const args = process.argv.slice(2);
const dist = join(__dirname, "..", "dist");
if (!printsVersion()) {
  if (!existsSync(join(dist, "main.mjs"))) {
    process.stderr.write(
      `aws-mfa is not built: ${join(dist, "main.mjs")} is missing.\nRun this in the repository's folder: npm run build\n`,
    );
    process.exit(1);
  }
  require("../dist/fast-path.js")
    .fastPath(args)
    .then((answered) => answered || import("../dist/main.mjs"));
}

function printsVersion() {
  if (args.length !== 1 || !["--version", "-V"].includes(args[0])) return false;
  try {
    writeSync(1, `${require("../package.json").version}\n`);
    return true;
  } catch {
    // The whole command reports why it cannot write.
    return false;
  }
}
