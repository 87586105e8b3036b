import type { Rule } from "../evaluation/rule";

const SEEDS = ["base32StringSeed", "qrCodePng"];

interface SeedData {
  readonly code: "seed-in-clear-text";
  readonly outputs: readonly string[];
}

/** Rejects a virtual MFA device whose seed would be in the state in clear text. */
export const iamMfaSeedIsSecret: Rule<Record<never, never>, SeedData> = {
  about: {
    name: "iam-mfa-seed-is-secret",
    displayName: "The seed of a virtual MFA device is a secret",
    description:
      "Rejects a virtual MFA device whose seed or QR code is not marked secret, so that the state holds it in clear text.",
    severity: "critical",
    level: "mandatory",
    tags: ["aws", "iam", "mfa", "secret"],
    steps: 'Set the resource option additionalSecretOutputs: ["base32StringSeed", "qrCodePng"].',
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_enable_virtual.html",
    configuration: {},
  },
  scope: "resource",
  decides: "device",
  // Only this provider has the seed as an output.
  types: new Set(["aws:iam/virtualMfaDevice:VirtualMfaDevice"]),

  assess(graph) {
    return graph.resources.flatMap((subject) => {
      if (!this.types.has(subject.type)) return [];
      const outputs = SEEDS.filter((output) => !subject.secretOutputs.includes(output));
      if (outputs.length === 0) return [];
      const data = { code: "seed-in-clear-text", outputs } as const;
      return [{ subject, verdict: "open", data, arguments: outputs }];
    });
  },

  describe({ data: { outputs } }) {
    return {
      reason: "Anyone who can read the state can generate its codes.",
      lines: [
        `The state would hold ${outputs.join(" and ")} of this device in clear text: anyone who can read it can generate codes.`,
        `Fix: set the resource option additionalSecretOutputs: ${JSON.stringify(SEEDS)}.`,
      ],
    };
  },
};
