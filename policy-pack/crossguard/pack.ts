import type { Policies } from "@pulumi/policy";
import { iamMfaNotes } from "../rules/iam-mfa-notes";
import { RULES } from "../rules/registry";
import type { Disabled } from "./configure";
import { PolicyMaker } from "./policies";

/** The policies of the pack. The notes come last, since they report the notes of the others. */
export function policies(disabled: Disabled = new Set(), clock: () => Date = () => new Date()): Policies {
  const make = new PolicyMaker(disabled, clock);
  return [...RULES.map((rule) => make.policy(rule)), make.notesPolicy(iamMfaNotes)];
}
