// A stand-in for the official Node language host, which is not released as a Go module. It runs a project's program as the Automation API
// runs an inline program, and starts component packages and policy packs; for packs, engines before 3.229 use a launcher of their own.
// `LanguageServer` has no types, so this is JavaScript.
const { spawn } = require("node:child_process");
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const grpc = require("@grpc/grpc-js");
const { LanguageRuntimeService } = require("@pulumi/pulumi/proto/language_grpc_pb");
const { GetRequiredPluginsResponse, RunPluginResponse } = require("@pulumi/pulumi/proto/language_pb");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");

/** `Run` of the LanguageRuntime protocol: the program of the request, in this process. */
function run(call, callback) {
  // Loaded only for a program: usually the engine only starts a policy pack, and waits for this process.
  require("./typescript.cjs");
  require("./serialization.cjs");
  const { LanguageServer } = require("@pulumi/pulumi/automation/server");
  const info = call.request.getInfo();
  const folder = info.getProgramDirectory();
  process.chdir(folder);
  const server = new LanguageServer(async () => {
    const program = require(join(folder, info.getEntryPoint()));
    return typeof program === "function" ? program() : program;
  });
  return server.run(call, callback);
}

/** `RunPlugin`: starts a Node policy pack or component package in its folder, and forwards its output until it ends or the engine cancels. */
function runPlugin(call) {
  const folder = call.request.getInfo().getProgramDirectory();
  const runner = existsSync(join(folder, "PulumiPlugin.yaml"))
    ? ["@pulumi/pulumi/cmd/run-plugin", folder, ...call.request.getArgsList()]
    : ["@pulumi/pulumi/cmd/run-policy-pack", ...call.request.getArgsList(), folder];
  const plugin = spawn(process.execPath, [join(__dirname, "plugin.cjs"), ...runner], {
    cwd: folder,
    env: Object.fromEntries(call.request.getEnvList().map((entry) => entry.split(/=(.*)/s, 2))),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const pass = (set) => (value) => {
    const response = new RunPluginResponse();
    response[set](value);
    call.write(response);
  };
  plugin.stdout.on("data", pass("setStdout"));
  plugin.stderr.on("data", pass("setStderr"));
  plugin.on("close", (code) => {
    pass("setExitcode")(code ?? 1);
    call.end();
  });
  call.on("cancelled", () => plugin.kill());
}

const always = (response) => (_, callback) => callback(undefined, response);

const server = new grpc.Server();
server.addService(LanguageRuntimeService, {
  run,
  runPlugin,
  // The tests' packages already have a node_modules folder.
  installDependencies: (call) => call.end(),
  getRequiredPlugins: always(new GetRequiredPluginsResponse()),
  getPluginInfo: always(new PluginInfo()),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  // The engine reads the port from standard output.
  process.stdout.write(`${port}\n`);
});
