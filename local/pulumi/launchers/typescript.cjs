// Lets Node load TypeScript as CommonJS. `tsx` does so too, but resolves every file of the SDK with its own loader, which takes as long as
// the program itself.
const { readFileSync } = require("node:fs");
const { transformSync } = require("esbuild");

require.extensions[".ts"] = (module, file) => {
  const options = { format: "cjs", loader: "ts", sourcefile: file, sourcemap: "inline", target: "node20" };
  module._compile(transformSync(readFileSync(file, "utf8"), options).code, file);
};
