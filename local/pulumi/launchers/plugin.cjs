// Starts a plugin that is written for Node, as the launchers do that the official CLI ships beside its binary: by the module of
// `@pulumi/pulumi` that the folder of the policy pack, or of the program, has. A launcher names that module.
require("./serialization.cjs");

const [node, , name, ...args] = process.argv;
const file = require.resolve(name, { paths: [process.cwd()] });
process.argv = [node, file, ...args];
require(file);
