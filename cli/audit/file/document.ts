import { readTemplate, readText, type TemplateError } from "aws-mfa-policy-pack/cloudformation";
import { parsePolicy, Unknown } from "aws-mfa-policy-pack/iam";
import { nestedFiles, type Resource, type TemplateFile } from "aws-mfa-policy-pack/iam-graph";
import type { SavedPage } from "../account/saved";
import type { AuditInput } from "../input";
import type { TemplateParameters } from "./parameters";
import { empty, isObject, jsonIn, keyOf, recognizeSaved, resource } from "./saved";

/** Where a template is deployed, as far as it is said. */
export interface Deployed extends NonNullable<Resource["deployed"]> {
  /** The values that it is deployed with. */
  readonly parameters?: TemplateParameters;
}

/** What a file turned out to be: something to judge, or why it is nothing of the kind. */
export type Recognized =
  | { readonly kind: "source"; readonly source: AuditInput }
  | SavedPage
  | { readonly kind: "other"; readonly what: string; readonly holdsPolicies: boolean }
  | { readonly kind: "broken"; readonly problem: string; readonly allowed: string }
  | { readonly kind: "unread"; readonly problem: string; readonly remedy: string };

/**
 * Tells what a text is by what it holds: a template by its `Resources`, a policy document by its `Statement`, a state, a plan or an
 * account by what its tool writes at the top. `nested`: the templates of a template's nested stacks. A document with principals is a role's trust policy, unless each of its statements names a resource, as those of a bucket do.
 */
export function recognize(
  text: string,
  path: string,
  deployed: Deployed = {},
  nested: TemplateFile["nested"] = new Map(),
): Recognized {
  const saved = recognizeSaved(text, path);
  if (saved !== undefined) return saved.kind === "document" ? policy(saved.document, path) : saved;
  const read = readText(text);
  if (!read.ok) return broken(read.error);
  const { value } = read;
  if (!isObject(value)) return neither(value);
  const statement = keyOf(value, "statement");
  const isTemplate = isObject(value.Resources) || "AWSTemplateFormatVersion" in value;
  // No template has statements: beside them it is a policy document with what AWS refuses in one.
  if (isTemplate && statement === undefined) {
    return template({ body: text, file: path, nested }, value.Parameters, path, deployed);
  }
  if (statement === undefined) return neither(value);
  if (read.twice !== undefined) {
    return broken({ where: read.twice, found: "the same key twice", allowed: "each key once" });
  }
  return policy(value, path);
}

/** A document with statements. */
function policy(value: Readonly<Record<string, unknown>>, path: string): Recognized {
  const statements: unknown[] = [value[keyOf(value, "statement") ?? ""]].flat();
  if (!statements.some((each) => has(each, "principal", "notprincipal"))) {
    const unattached = resource("AWS::IAM::ManagedPolicy", path, { PolicyDocument: value });
    const resources = [{ ...unattached, unattached: true as const }];
    return { kind: "source", source: { ...empty(path), resources, ...refusal(value) } };
  }
  if (statements.every((each) => has(each, "resource", "notresource"))) {
    if (statements.some(letsAssumeRole)) {
      const what =
        "not a valid trust policy: AWS rejects a trust policy with a Resource. It may be an endpoint policy";
      return { kind: "other", what, holdsPolicies: true };
    }
    const what = "the policy of a resource, such as a bucket, and no role's or user's";
    return { kind: "other", what, holdsPolicies: false };
  }
  const role = resource("AWS::IAM::Role", path, { AssumeRolePolicyDocument: value });
  return { kind: "source", source: { ...empty(path), resources: [role] } };
}

function broken({ where, found, allowed }: TemplateError): Recognized {
  return { kind: "broken", problem: `${where === "" ? "" : `${where}: `}found ${found}`, allowed };
}

function neither(value: unknown): Recognized {
  const what = "neither a template nor a policy document";
  return holdsPolicy(value)
    ? { kind: "other", what: `${what}, though it holds policy documents`, holdsPolicies: true }
    : { kind: "other", what, holdsPolicies: false };
}

/** Whether a policy document stands somewhere inside: in a list, in what a tool prints, as a text within a text. */
function holdsPolicy(value: unknown): boolean {
  const left: unknown[] = [value];
  for (let each = left.pop(); each !== undefined; each = left.pop()) {
    if (typeof each === "string" && each.includes("Statement")) left.push(jsonIn(each) ?? null);
    if (typeof each !== "object" || each === null) continue;
    if (
      has(each, "statement") &&
      Object.values(each)
        .flat()
        .some((one) => has(one, "effect"))
    )
      return true;
    for (const inner of Object.values(each)) left.push(inner);
  }
  return false;
}

/** Which guard it was meant to be cannot be told of a document that AWS refuses. */
function refusal(document: unknown): Pick<AuditInput, "trouble"> {
  const parsed = parsePolicy(document, "identity");
  if (parsed.ok) return {};
  const problem = "It is not a policy document that AWS accepts, so it cannot be evaluated.";
  return { trouble: { problem, remedy: "Correct what is listed below.", notLookedAt: { files: 1 } } };
}

function template(
  file: TemplateFile,
  declared: unknown,
  path: string,
  { parameters: given, ...deployed }: Deployed,
): Recognized {
  const read = readTemplate(file.body);
  if (!read.ok) return broken(read.error);
  // Whoever deploys it gives the parameters.
  const parameters = given?.of(path, declared) ?? new Unknown("the parameters");
  const stack = resource("aws:cloudformation/stack:Stack", path, { parameters });
  const holder: Resource = { ...stack, template: file, deployed };
  return { kind: "source", source: { ...empty(path), resources: [holder], includes: nestedFiles(holder) } };
}

function letsAssumeRole(statement: unknown): boolean {
  const text = JSON.stringify(statement);
  return /"Allow"/.test(text) && /"sts:AssumeRole/i.test(text);
}

function has(statement: unknown, ...elements: readonly string[]): boolean {
  return isObject(statement) && Object.keys(statement).some((key) => elements.includes(key.toLowerCase()));
}
