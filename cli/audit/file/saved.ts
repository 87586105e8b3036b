import type { Resource } from "aws-mfa-policy-pack/iam-graph";
import { few } from "aws-mfa-policy-pack/messages";
import { Failure } from "../../failure";
import { hasMore, readSavedAccount, reportPage, type SavedPage } from "../account/saved";
import { type AuditInput, repeated } from "../input";
import { isTooDeep } from "../input-text";
import type { LastUse } from "../report";
import { readPreview } from "../state/preview";
import { readState } from "../state/state";
import { readTerraform } from "../terraform/terraform";
import { lastUseOfRole, savedRoleUse } from "../usage/role-use";

type Json = Readonly<Record<string, unknown>>;

/** What a tool saved turned out to be. `document`: a policy document by itself. */
export type Saved =
  | { readonly kind: "source"; readonly source: AuditInput }
  | SavedPage
  | { readonly kind: "document"; readonly document: Json }
  | { readonly kind: "other"; readonly what: string; readonly holdsPolicies: boolean }
  | { readonly kind: "unread"; readonly problem: string; readonly remedy: string };

/**
 * Reads what a tool saved of all that it made or found, of any size: a state, a plan, an account, roles, a policy. `undefined` for
 * anything else.
 */
export function recognizeSaved(text: string, path: string): Saved | undefined {
  if (/^\uFEFF?user,arn,/.test(text)) return unlessRefused(() => reportPage(text));
  const value = jsonIn(text);
  // A policy document is one, whatever stands beside its statements.
  if (!isObject(value) || keyOf(value, "statement") !== undefined) return undefined;
  if (isTooDeep(value)) {
    const problem = "Its values are nested too deeply.";
    return { kind: "unread", problem, remedy: "Check that it is the right file." };
  }
  if (isObject(value.deployment)) {
    return unlessRefused(() => inFile(readState(value, path), path));
  }
  // The CDK's drawing of its constructs, whose templates lie beside it.
  if (typeof value.version === "string" && value.version.startsWith("tree-")) {
    return { kind: "other", what: "a CDK's tree of constructs", holdsPolicies: false };
  }
  return (
    unlessRefused(() => inFile(readPreview(value, path), path)) ??
    unlessRefused(() => readTerraform(value, path)) ??
    unlessRefused(() => readSavedAccount(value)) ??
    unlessRefused(() => roles(value, path)) ??
    document(value)
  );
}

function inFile<Read extends AuditInput | undefined>(source: Read, path: string): Read {
  return source && path !== "-" ? { ...source, file: path } : source;
}

/** The value of a JSON text; `undefined` where it is none. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What reading gave, or why it cannot be read. */
function unlessRefused(read: () => AuditInput | SavedPage | undefined): Saved | undefined {
  try {
    const source = read();
    return source?.kind === "page" ? source : source && { kind: "source", source };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { kind: "unread", problem: error.problem, remedy: error.remedy };
  }
}

/** What `aws iam get-role` and `list-roles` print. Throws Failure (`unseen`) where a role stands there twice. */
function roles({ Role, Roles, ...rest }: Json, path: string): AuditInput | undefined {
  const all: readonly unknown[] = Array.isArray(Roles) ? Roles : [Role];
  const lastUses = new Map<string, LastUse>();
  const resources = all.flatMap((each) => {
    if (!isObject(each) || each.AssumeRolePolicyDocument === undefined) return [];
    const { RoleName, Arn, AssumeRolePolicyDocument } = each;
    const declared = resource("AWS::IAM::Role", path, { RoleName, AssumeRolePolicyDocument });
    if (typeof RoleName !== "string") return [declared];
    const urn = `${path}#${String(Arn ?? RoleName)}`;
    const use = savedRoleUse.safeParse(each);
    const lastUse = use.success ? lastUseOfRole(use.data) : undefined;
    if (lastUse !== undefined) lastUses.set(urn, lastUse);
    return [{ ...declared, urn, name: RoleName }];
  });
  if (resources.length === 0 || resources.length < all.length) return undefined;
  const twice = repeated(resources.map(({ urn }) => urn));
  if (twice.length > 0) {
    throw new Failure("unseen", `It contains a role more than once: ${few(twice)}`, "Save the roles again.");
  }
  const source = { ...empty(path), resources, lastUses };
  return hasMore(rest) ? { ...source, trouble: MORE_ROLES } : source;
}

const MORE_ROLES = {
  problem: "Some roles are missing: the output is incomplete.",
  remedy: "Run aws iam list-roles without --max-items and --no-paginate, and save its output.",
};

/** What `aws iam get-policy-version`, `get-role-policy` and their like print: one document with what it is called. */
function document({ PolicyVersion, PolicyName, PolicyDocument }: Json): Saved | undefined {
  const found = isObject(PolicyVersion) ? PolicyVersion.Document : PolicyName && PolicyDocument;
  return isObject(found) ? { kind: "document", document: found } : undefined;
}

export function empty(path: string): AuditInput {
  return { kind: "file", name: path, file: path, resources: [] };
}

export function resource(type: string, path: string, props: Json): Resource {
  const name = path.replaceAll("\\", "/").split("/").at(-1) ?? path;
  return { urn: path, type, name, props, dependencies: {}, secretOutputs: [] };
}

/** The key as it is written. Capital letters make no difference to AWS. */
export function keyOf(value: Json, key: string): string | undefined {
  return Object.keys(value).find((each) => each.toLowerCase() === key);
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
