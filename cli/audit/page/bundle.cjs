// Bundles browser/ into one script and one style. The build writes them to a folder; the tests take them from memory.
const { readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { buildSync } = require("esbuild");

/** @param {string} [folder] where to write the files; without it, they are only returned */
function bundle(folder) {
  const license = readFileSync(join(dirname(require.resolve("preact/package.json")), "LICENSE"), "utf8");
  const { outputFiles = [] } = buildSync({
    entryPoints: [join(__dirname, "browser/main.tsx")],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    charset: "ascii",
    jsx: "automatic",
    jsxImportSource: "preact",
    // The script has a copy of Preact, whose license requires this.
    banner: { js: `/*! Preact\n${license.trim()}\n*/` },
    outdir: folder ?? "browser",
    write: folder !== undefined,
  });
  const textOf = (end) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? "";
  return { script: textOf(".js"), style: textOf(".css") };
}

module.exports = { bundle };

if (require.main === module) bundle(process.argv[2]);
