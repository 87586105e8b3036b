import { createRequire } from "node:module";
import type { ConfigureAnalyzerRequest } from "@pulumi/pulumi/proto/analyzer_pb";
import type { About } from "../evaluation/rule";
import { mistakesIn } from "../evaluation/settings";

// The SDK's own copies, should there be two of @pulumi/pulumi.
const sdk = createRequire(require.resolve("@pulumi/policy"));
const grpc: typeof import("@pulumi/pulumi/proto/analyzer_grpc_pb") = sdk(
  "@pulumi/pulumi/proto/analyzer_grpc_pb",
);
const { EnforcementLevel }: typeof import("@pulumi/pulumi/proto/analyzer_pb") = sdk(
  "@pulumi/pulumi/proto/analyzer_pb",
);

/** The names of the policies that the configuration disables. */
export type Disabled = ReadonlySet<string>;

/**
 * Reads the engine's configuration of the whole pack; the SDK passes each policy its own part and drops the rest. Must be called
 * before the SDK serves the pack.
 *
 * - A configuration with a part that has no effect is rejected: the preview fails and lists every mistake.
 * - A policy that rejects nothing stays advisory, whatever `all` is set to.
 * - A disabled policy is added to the returned set, and runs in order to report that it does not apply. Otherwise the engine would
 *   count it as passed (`newPolicySummary` in Pulumi's `pkg/resource/analyzer` only knows the pack's own levels).
 */
export function readConfiguration(policies: readonly About[]): Disabled {
  const disabled = new Set<string>();
  const harmless = new Set(policies.filter(({ rejects }) => rejects === false).map(({ name }) => name));
  const { configure } = grpc.AnalyzerService;
  const read = (request: ConfigureAnalyzerRequest): ConfigureAnalyzerRequest => {
    const policyConfig = request.getPolicyconfigMap();
    const given = new Map<string, object>();
    policyConfig.forEach((config, name) => {
      given.set(name, config.getProperties()?.toJavaScript() ?? {});
    });
    const mistakes = mistakesIn(given, policies);
    if (mistakes.length > 0) return refused(request, mistakes);
    disabled.clear();
    policyConfig.forEach((config, name) => {
      const isDisabled = config.getEnforcementlevel() === EnforcementLevel.DISABLED;
      if (isDisabled) disabled.add(name);
      if (isDisabled || harmless.has(name)) config.setEnforcementlevel(EnforcementLevel.ADVISORY);
    });
    return request;
  };
  grpc.AnalyzerService.configure = {
    ...configure,
    requestDeserialize: (bytes) => read(configure.requestDeserialize(bytes)),
  };
  return disabled;
}

/** Fails when the SDK reads the request: gRPC does not report what is thrown during deserialization. */
function refused(request: ConfigureAnalyzerRequest, mistakes: readonly string[]): ConfigureAnalyzerRequest {
  const refusal = new Error(
    [...mistakes, "Fix it in the file given with --policy-pack-config, or in the policy group."].join("\n"),
  );
  // The SDK sends the stack trace, which does not help to fix the configuration.
  refusal.stack = refusal.message;
  request.getPolicyconfigMap = () => {
    throw refusal;
  };
  return request;
}
