import { readTemplate, readText, type TemplateError } from "aws-mfa-policy-pack/cloudformation";
import { parsePolicy, Unknown } from "aws-mfa-policy-pack/iam";
import { nestedFiles, type Resource, type TemplateFile } from "aws-mfa-policy-pack/iam-graph";
import type { AuditInput } from "../input";
import { jsonIn } from "../input-text";
import type { TemplateParameters } from "./parameters";
import { fileInput, isObject, type Json, keyOf, resource } from "./resource";
import { type Recognized, recognizeSaved, type Unread } from "./saved";

/** Where templates are deployed, by the options. */
export interface Deployed extends NonNullable<Resource["deployed"]> {
  readonly parameters?: TemplateParameters;
}

/**
 * Recognizes a file by its contents: a template by its `Resources`, a policy document by its `Statement`, saved output by what its
 * tool writes at the top. A document with principals is a trust policy, unless each of its statements names a resource, as in a
 * bucket policy.
 *
 * @param nested the templates of the template's nested stacks
 */
export function recognize(
  text: string,
  path: string,
  deployed: Deployed = {},
  nested: TemplateFile["nested"] = new Map(),
): Recognized {
  const saved = recognizeSaved(text, path);
  if (saved !== undefined) return saved;
  const read = readText(text);
  if (!read.ok) return broken(read.error);
  const { value } = read;
  if (!isObject(value)) return neither(value);
  const isPolicy = keyOf(value, "statement") !== undefined;
  if (!isPolicy && (isObject(value.Resources) || "AWSTemplateFormatVersion" in value)) {
    return template({ body: text, file: path, nested }, value.Parameters, path, deployed);
  }
  const document = isPolicy ? value : printedDocument(value);
  if (document === undefined) return neither(value);
  return read.twice === undefined
    ? policy(document, path)
    : broken({ where: read.twice, found: "the same key twice", allowed: "each key once" });
}

/** The document in the output of `aws iam get-policy-version`, `get-role-policy` and the like. */
function printedDocument({ PolicyVersion, PolicyName, PolicyDocument }: Json): Json | undefined {
  const found = isObject(PolicyVersion) ? PolicyVersion.Document : PolicyName && PolicyDocument;
  return isObject(found) ? found : undefined;
}

function policy(value: Json, path: string): Recognized {
  const statements: unknown[] = [value[keyOf(value, "statement") ?? ""]].flat();
  if (!statements.some((each) => has(each, "principal", "notprincipal"))) {
    const unattached = resource("AWS::IAM::ManagedPolicy", path, { PolicyDocument: value });
    return { ...fileInput(path, [{ ...unattached, unattached: true }]), trouble: refusal(value) };
  }
  if (statements.every((each) => has(each, "resource", "notresource"))) {
    return statements.some(letsAssumeRole)
      ? unread(
          "It is not a valid trust policy: AWS rejects a trust policy with a Resource. It may be an endpoint policy.",
          true,
        )
      : unread("It is the policy of a resource, such as a bucket, and not of a role or a user.");
  }
  return fileInput(path, [resource("AWS::IAM::Role", path, { AssumeRolePolicyDocument: value })]);
}

function unread(problem: string, isRelevant = false): Unread {
  return { kind: "unread", problem, isRelevant };
}

function broken({ where, found, allowed }: TemplateError): Unread {
  const problem = `It cannot be read: ${where === "" ? "" : `${where}: `}found ${found}.`;
  return { kind: "unread", problem, remedy: `Expected ${allowed}.`, isRelevant: undefined };
}

function neither(value: unknown): Unread {
  const problem = "It is neither a template nor a policy document";
  return holdsPolicy(value)
    ? unread(`${problem}, though it holds policy documents.`, true)
    : unread(`${problem}.`);
}

/** Whether there is a policy document anywhere inside: in a list, in the output of a tool, or as JSON in a string. */
function holdsPolicy(value: unknown): boolean {
  const left: unknown[] = [value];
  for (let each = left.pop(); each !== undefined; each = left.pop()) {
    if (typeof each === "string" && each.includes("Statement")) left.push(jsonIn(each) ?? null);
    if (typeof each !== "object" || each === null) continue;
    const inside = Object.values(each);
    if (has(each, "statement") && inside.flat().some((one) => has(one, "effect"))) return true;
    for (const inner of inside) left.push(inner);
  }
  return false;
}

/** If AWS rejects the document, it is not known whether it was meant as a guard. */
function refusal(document: unknown): AuditInput["trouble"] {
  return parsePolicy(document, "identity").ok
    ? undefined
    : {
        problem: "It is not a policy document that AWS accepts, so it cannot be evaluated.",
        remedy: "Correct what is listed below.",
        notLookedAt: { files: 1 },
      };
}

function template(
  file: TemplateFile,
  declared: unknown,
  path: string,
  { parameters: given, ...deployed }: Deployed,
): Recognized {
  const read = readTemplate(file.body);
  if (!read.ok) return broken(read.error);
  const parameters = given?.of(path, declared) ?? new Unknown("the parameters");
  const stack = resource("aws:cloudformation/stack:Stack", path, { parameters });
  const holder: Resource = { ...stack, template: file, deployed };
  return { ...fileInput(path, [holder]), includes: nestedFiles(holder) };
}

function letsAssumeRole(statement: unknown): boolean {
  const text = JSON.stringify(statement);
  return /"Allow"/.test(text) && /"sts:AssumeRole/i.test(text);
}

function has(statement: unknown, ...elements: readonly string[]): boolean {
  return isObject(statement) && Object.keys(statement).some((key) => elements.includes(key.toLowerCase()));
}
