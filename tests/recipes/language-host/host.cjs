// A stand-in for the official Node language host, which is no released Go module. It runs the program of the folder in which the
// engine starts it, by the code with which the Automation API runs an inline program: `LanguageServer` has no types, so this is
// JavaScript.
const grpc = require("@grpc/grpc-js");
const { LanguageServer } = require("@pulumi/pulumi/automation/server");
const { LanguageRuntimeService } = require("@pulumi/pulumi/proto/language_grpc_pb");

const server = new grpc.Server();
server.addService(
  LanguageRuntimeService,
  new LanguageServer(async () => {
    const program = require(process.cwd());
    return typeof program === "function" ? program() : program;
  }),
);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  // The engine reads the port from standard output.
  process.stdout.write(`${port}\n`);
});
