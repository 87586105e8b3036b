import * as grpc from "@grpc/grpc-js";
import { main } from "@pulumi/pulumi/provider/server";
import type { ProviderSettings } from "./aws";
import { standIn } from "./provider";

/** The engine's configuration of this process, which serves one `aws` provider of a program. */
let settings: ProviderSettings = {};

interface Configuration {
  getVariablesMap(): { entries(): IterableIterator<[string, string]> };
}
type Handler = (call: { request: Configuration }, done: unknown) => unknown;

/**
 * `@pulumi/pulumi/provider` does not pass the engine's `Configure` call, with the region and the role to assume, to the provider. So its
 * handler is wrapped.
 */
const addService = grpc.Server.prototype.addService;
grpc.Server.prototype.addService = function (this: grpc.Server, service, implementation) {
  const configure: unknown = Reflect.get(implementation, "configure");
  if (typeof configure === "function") {
    const wrapped: Handler = (call, done) => {
      const variables = [...call.request.getVariablesMap().entries()];
      settings = Object.fromEntries(
        variables.map(([name, value]) => [name.replace(/^aws:config:/, ""), value]),
      );
      return configure.call(implementation, call, done);
    };
    Reflect.set(implementation, "configure", wrapped);
  }
  return addService.call(this, service, implementation);
};

// The server prints the stack of each error that it returns, and the engine would show both.
console.error = () => {};

main(
  standIn(() => settings),
  process.argv.slice(2),
);
