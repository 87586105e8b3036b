import type { Policies } from "@pulumi/policy";
import { iamMfaNotes } from "../rules/iam-mfa-notes";
import { RULES } from "../rules/registry";
import type { Disabled } from "./configure";
import { PolicyMaker } from "./policies";

/** The policies of the pack. The notes come last, since they say what the others noted. */
export function policies(disabled: Disabled = new Set()): Policies {
  const make = new PolicyMaker(disabled);
  return [
    ...RULES.map((rule) => (rule.kind === "resource" ? make.resourcePolicy(rule) : make.stackPolicy(rule))),
    make.notesPolicy(iamMfaNotes),
  ];
}
