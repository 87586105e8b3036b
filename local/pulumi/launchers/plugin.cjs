// Starts a plugin for Node, as the official CLI's launchers do: with the module of `@pulumi/pulumi` that the launcher names, from the
// folder of the policy pack or of the program.
const { createRequire } = require("node:module");

require("./serialization.cjs");

const [node, , name, ...args] = process.argv;
const paths = [process.cwd()];
const file = require.resolve(name, { paths });
if (!name.endsWith("/dynamic-provider")) {
  // The module loads TypeScript for every pack and package. Those here are compiled.
  const runner = require(require.resolve(`${name}/run`, { paths }));
  const { run } = runner;
  runner.run = (options) => run({ ...options, typeScript: false });
}
// It would map stacks to sources, and Pulumi takes a stack for each promise.
const id = createRequire(file).resolve("source-map-support/register");
require.cache[id] = { id, filename: id, loaded: true, exports: {} };
process.argv = [node, file, ...args];
require(file);
