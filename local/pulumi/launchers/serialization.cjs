// `@pulumi/pulumi` serializes functions with two packages, which take three quarters of the time in which it loads. A plugin
// never does that, and a program with no function to serialize does not: here they are loaded when something of them is used.
const Module = require("node:module");

const SERIALIZES = ["typescript", "@npmcli/arborist"];
const load = Module._load;
Module._load = (request, parent, isMain) => {
  if (!SERIALIZES.includes(request) || !parent?.filename?.includes("@pulumi"))
    return load(request, parent, isMain);
  const used = { get: (_, name) => name === "__esModule" || load(request, parent, isMain)[name] };
  return new Proxy({}, used);
};
