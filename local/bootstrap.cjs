// Installs the packages if they are missing or older than the lock file, so that the README's two commands work in a new clone. Plain
// JavaScript without dependencies, since none is installed yet.
const { spawn } = require("node:child_process");
const { statSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");

function changed(file) {
  return statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? Number.NEGATIVE_INFINITY;
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 12)) {
  console.error(`Expected Node 20.12 or later in the 20, 22 or 24 line, got ${process.versions.node}.`);
  process.exit(1);
}

if (changed("node_modules/.package-lock.json") < changed("package-lock.json")) {
  const started = Date.now();
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
  console.error("Installing the packages (npm ci) …");
  const ticking = setInterval(() => console.error(`  … ${elapsed()}`), 10_000);
  // On Windows npm is a script, which needs a shell.
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
    console.error("npm could not install the packages; see its output above. To try again: npm ci");
    process.exitCode = code ?? 1;
  });
}
