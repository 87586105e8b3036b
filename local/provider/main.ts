import * as grpc from "@grpc/grpc-js";
import { main } from "@pulumi/pulumi/provider/server";
import type { ProviderSettings } from "./aws";
import { standIn } from "./provider";

/** What the engine configured this process with: one process serves one `aws` provider of a program. */
let settings: ProviderSettings = {};

interface Configuration {
  getVariablesMap(): { entries(): IterableIterator<[string, string]> };
}
type Handler = (call: { request: Configuration }, done: unknown) => unknown;

/**
 * `@pulumi/pulumi/provider` answers the engine's `Configure` by itself and keeps its content, the region and the role to
 * assume, from the provider. So the call is listened to on its way in.
 */
const addService = grpc.Server.prototype.addService;
grpc.Server.prototype.addService = function (this: grpc.Server, service, implementation) {
  const configure: unknown = Reflect.get(implementation, "configure");
  if (typeof configure === "function") {
    const listening: Handler = (call, done) => {
      const variables = [...call.request.getVariablesMap().entries()];
      settings = Object.fromEntries(
        variables.map(([name, value]) => [name.replace(/^aws:config:/, ""), value]),
      );
      return configure.call(implementation, call, done);
    };
    Reflect.set(implementation, "configure", listening);
  }
  return addService.call(this, service, implementation);
};

// The server prints each error's stack besides answering with its message; the engine would show both.
console.error = () => {};

main(
  standIn(() => settings),
  process.argv.slice(2),
);
