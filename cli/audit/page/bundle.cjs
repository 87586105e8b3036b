// Makes what runs in the browser out of browser/: one script and one style. Run by the build, which gives the folder that
// they go to; the tests take them as they are made.
const { readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { buildSync } = require("esbuild");

/** @param {string} [folder] where the files go; without it nothing is written */
function bundle(folder) {
  const licence = readFileSync(join(dirname(require.resolve("preact/package.json")), "LICENSE"), "utf8");
  const { outputFiles = [] } = buildSync({
    entryPoints: [join(__dirname, "browser/main.tsx")],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    charset: "ascii",
    jsx: "automatic",
    jsxImportSource: "preact",
    // The script holds a copy of Preact, whose licence asks for this.
    banner: { js: `/*! Preact\n${licence.trim()}\n*/` },
    outdir: folder ?? "browser",
    write: folder !== undefined,
  });
  const made = (end) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? "";
  return { script: made(".js"), style: made(".css") };
}

module.exports = { bundle };

if (require.main === module) bundle(process.argv[2]);
