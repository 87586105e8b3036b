// Starts a plugin that is written for Node, as the launchers do that the official CLI ships beside its binary: by the module of
// `@pulumi/pulumi` that the folder of the policy pack, or of the program, has. A launcher names that module.
require("./serialization.cjs");

const [node, , name, ...args] = process.argv;
const paths = [process.cwd()];
const file = require.resolve(name, { paths });
if (!name.endsWith("/dynamic-provider")) {
  // It loads TypeScript for every pack and package. Those here are compiled.
  const runner = require(require.resolve(`${name}/run`, { paths }));
  const { run } = runner;
  runner.run = (options) => run({ ...options, typeScript: false });
}
process.argv = [node, file, ...args];
require(file);
