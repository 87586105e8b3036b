import { readTemplate, readText, type TemplateError } from "aws-mfa-policy-pack/cloudformation";
import { parsePolicy, Unknown } from "aws-mfa-policy-pack/iam";
import type { Resource } from "aws-mfa-policy-pack/iam-graph";
import { Failure } from "../../failure";
import { readSavedAccount, reportPage, type SavedPage } from "../account/saved";
import type { AuditInput } from "../input";
import { readState } from "../state/state";
import { readTerraform } from "../terraform/terraform";

/** Where a template is deployed, as far as it is said. */
export type Deployed = NonNullable<Resource["deployed"]>;

/** What a file turned out to be: something to judge, or why it is nothing of the kind. */
export type Recognized =
  | { readonly kind: "source"; readonly source: AuditInput }
  | SavedPage
  | { readonly kind: "other"; readonly what: string; readonly holdsPolicies: boolean }
  | { readonly kind: "broken"; readonly problem: string; readonly allowed: string }
  | { readonly kind: "unread"; readonly problem: string; readonly remedy: string };

/**
 * Tells what a text is by what it holds: a template by its `Resources`, a policy document by its `Statement`, a state, a plan or an
 * account by what its tool writes at the top. A document
 * with principals is a role's trust policy, unless each of its statements names a resource, as those of a bucket do.
 */
export function recognize(text: string, path: string, deployed: Deployed = {}): Recognized {
  const saved = recognizeSaved(text, path);
  if (saved !== undefined) return saved;
  const read = readText(text);
  if (!read.ok) return broken(read.error);
  const { value } = read;
  if (!isObject(value)) return neither(value);
  const keys = new Map(Object.keys(value).map((key) => [key.toLowerCase(), key]));
  const statement = keys.get("statement");
  const isTemplate = isObject(value.Resources) || "AWSTemplateFormatVersion" in value;
  // No template has statements: beside them it is a policy document with what AWS refuses in one.
  if (isTemplate && statement === undefined) return template(text, path, deployed);
  if (statement === undefined) return neither(value);
  if (read.twice !== undefined) {
    return broken({ where: read.twice, found: "the same key twice", allowed: "each key once" });
  }
  const statements: unknown[] = [value[statement]].flat();
  if (!statements.some((each) => has(each, "principal", "notprincipal"))) {
    const policy = resource("AWS::IAM::ManagedPolicy", path, { PolicyDocument: value });
    const resources = [{ ...policy, unattached: true as const }];
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

/** What a tool saved of all that it made or found, of any size: a state, a plan, an account, a role. `undefined` for anything else. */
function recognizeSaved(text: string, path: string): Recognized | undefined {
  if (/^\uFEFF?user,arn,/.test(text)) return unlessRefused(() => reportPage(text));
  const value = jsonIn(text);
  if (!isObject(value)) return undefined;
  if (isObject(value.deployment)) return unlessRefused(() => readState(value, path));
  const terraform = readTerraform(value, path);
  if (terraform !== undefined) {
    return "problem" in terraform ? { kind: "unread", ...terraform } : { kind: "source", source: terraform };
  }
  const account = unlessRefused(() => readSavedAccount(value));
  if (account !== undefined) return account;
  // The CDK's drawing of its constructs, whose templates lie beside it.
  if (typeof value.version === "string" && value.version.startsWith("tree-")) {
    return { kind: "other", what: "a CDK's tree of constructs", holdsPolicies: false };
  }
  return roles(value, path) ?? savedDocument(value, path);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What reading gave, or why it cannot be read. */
function unlessRefused(read: () => AuditInput | SavedPage | string | undefined): Recognized | undefined {
  try {
    const source = read();
    if (typeof source === "string")
      return {
        kind: "unread",
        problem: source,
        remedy: "Run the AWS CLI command again, and save its output.",
      };
    return source?.kind === "page" ? source : source && { kind: "source", source };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { kind: "unread", problem: error.problem, remedy: error.remedy };
  }
}

/** What `aws iam get-role` and `list-roles` print. */
function roles({ Role, Roles }: Readonly<Record<string, unknown>>, path: string): Recognized | undefined {
  const all = (Array.isArray(Roles) ? Roles : [Role]).filter(isObject);
  const resources = all.flatMap(({ RoleName, Arn, AssumeRolePolicyDocument }) => {
    if (AssumeRolePolicyDocument === undefined) return [];
    const declared = resource("AWS::IAM::Role", path, { RoleName, AssumeRolePolicyDocument });
    if (typeof RoleName !== "string") return [declared];
    return [{ ...declared, urn: `${path}#${String(Arn ?? RoleName)}`, name: RoleName }];
  });
  if (resources.length === 0 || resources.length < all.length) return undefined;
  return { kind: "source", source: { ...empty(path), resources } };
}

/** What `aws iam get-policy-version`, `get-role-policy` and their like print: one document with what it is called. */
function savedDocument(value: Readonly<Record<string, unknown>>, path: string): Recognized | undefined {
  const { PolicyVersion, PolicyName, PolicyDocument } = value;
  const document = isObject(PolicyVersion) ? PolicyVersion.Document : PolicyName && PolicyDocument;
  return isObject(document) ? recognize(JSON.stringify(document), path) : undefined;
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

/** Whether a policy document stands somewhere inside, as in what the AWS CLI prints of a role or in a list. */
function holdsPolicy(value: unknown): boolean {
  const left: unknown[] = [value];
  for (let each = left.pop(); each !== undefined; each = left.pop()) {
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
  const problem = "It is not a policy document that AWS accepts, so it cannot be judged.";
  return { trouble: { problem, remedy: "Correct what is said of it below." } };
}

function template(text: string, path: string, deployed: Deployed): Recognized {
  const read = readTemplate(text);
  if (!read.ok) return broken(read.error);
  // Whoever deploys it gives the parameters.
  const parameters = new Unknown("the parameters");
  const holder = resource("aws:cloudformation/stack:Stack", path, { templateBody: text, parameters });
  return { kind: "source", source: { ...empty(path), resources: [{ ...holder, deployed }] } };
}

function empty(path: string): AuditInput {
  return { kind: "file", name: path, file: path, resources: [] };
}

function resource(type: string, path: string, props: Readonly<Record<string, unknown>>): Resource {
  const name = path.replaceAll("\\", "/").split("/").at(-1) ?? path;
  return { urn: path, type, name, props, dependencies: {}, secretOutputs: [] };
}

function letsAssumeRole(statement: unknown): boolean {
  const text = JSON.stringify(statement);
  return /"Allow"/.test(text) && /"sts:AssumeRole/i.test(text);
}

function has(statement: unknown, ...elements: readonly string[]): boolean {
  return isObject(statement) && Object.keys(statement).some((key) => elements.includes(key.toLowerCase()));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
