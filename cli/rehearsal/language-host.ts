import { Server, ServerCredentials, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { mfaAccess } from "../../infra/stack";

// Stands in for Pulumi's language host for Node, which only the official CLI has: `pulumi up` in a folder runs this project's
// stack, whatever the folder's project says. The engine reads the port from the first line.
//
// The Automation API serves inline programs with the same class, and does not declare it.
const {
  LanguageServer,
}: { LanguageServer: new (program: () => Promise<object>) => UntypedServiceImplementation } =
  require("@pulumi/pulumi/automation/server");

const server = new Server();
const program = async () => ({ ...(await mfaAccess()) });
server.addService(LanguageRuntimeService, new LanguageServer(program));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
