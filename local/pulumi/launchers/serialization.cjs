// `@pulumi/pulumi` serializes functions with two packages, which take three quarters of its loading time. Plugins, and programs without
// functions to serialize, do not need them: here they are loaded on first use.
const Module = require("node:module");

const SERIALIZES = ["typescript", "@npmcli/arborist"];
const load = Module._load;
Module._load = (request, parent, isMain) => {
  if (!SERIALIZES.includes(request) || !parent?.filename?.includes("@pulumi"))
    return load(request, parent, isMain);
  const used = { get: (_, name) => name === "__esModule" || load(request, parent, isMain)[name] };
  return new Proxy({}, used);
};
