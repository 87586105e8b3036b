// Installs the packages where they are missing or older than the lock file, so that the README's two commands need
// nothing before them. Plain JavaScript without any dependency, since there is nothing to depend on yet.
const { spawn } = require("node:child_process");
const { statSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");

function changed(file) {
  return statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? Number.NEGATIVE_INFINITY;
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 12)) {
  console.error(`Found Node ${process.versions.node}; Node 20 (from 20.12), 22 or 24 is needed.`);
  process.exit(1);
}

if (changed("node_modules/.package-lock.json") < changed("package-lock.json")) {
  const started = Date.now();
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
  console.error("Installing the packages (npm ci) …");
  const ticking = setInterval(() => console.error(`  … ${elapsed()}`), 10_000);
  // A shell finds npm on Windows too, where it is a script.
  const install = spawn("npm ci --no-audit --no-fund --loglevel=error", {
    cwd: root,
    shell: true,
    stdio: "inherit",
  });
  install.on("exit", (code) => {
    clearInterval(ticking);
    if (code === 0) {
      console.error(`Installed in ${elapsed()}.`);
      return;
    }
    console.error("The packages could not be installed; npm says above why. Try again with: npm ci");
    process.exitCode = code ?? 1;
  });
}
