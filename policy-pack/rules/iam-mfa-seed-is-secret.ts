import { type Findings, NOTHING_FOUND } from "./finding";
import type { Common, ResourceRule } from "./rule";

const SEEDS = ["base32StringSeed", "qrCodePng"];

/** Rejects a virtual MFA device whose seed would lie in the state in clear text. */
export const iamMfaSeedIsSecret: ResourceRule<Common> = {
  kind: "resource",
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
  // Only this provider gives the seed out as an output.
  types: new Set(["aws:iam/virtualMfaDevice:VirtualMfaDevice"]),

  judge(resource): Findings {
    const open = SEEDS.filter((output) => !resource.secretOutputs.includes(output));
    if (open.length === 0) return NOTHING_FOUND;
    const message = [
      `${open.join(" and ")} of this device would lie in the state in clear text: whoever reads the state can make its codes.`,
      `Fix: set the resource option additionalSecretOutputs: ${JSON.stringify(SEEDS)}.`,
    ].join("\n");
    return { violations: [{ resource, message }], notes: [] };
  },
};
