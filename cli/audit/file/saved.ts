import { few } from "aws-mfa-policy-pack/messages";
import { Failure } from "../../failure";
import { isTruncated, readSavedAccount, reportPage, type SavedPage } from "../account/saved";
import { type AuditInput, type ResourceFacts, repeated } from "../input";
import { isTooDeep, jsonIn } from "../input-text";
import { readPreview } from "../state/preview";
import { readState } from "../state/state";
import { readTerraform } from "../terraform/terraform";
import { lastUseOfRole, savedRoleUse } from "../usage/role-use";
import { fileInput, isObject, type Json, keyOf, resource } from "./resource";

/** What a file turned out to be: an input, a page of an account, or why it cannot be evaluated. */
export type Recognized = AuditInput | SavedPage | Unread;

export interface Unread {
  readonly kind: "unread";
  readonly problem: string;
  readonly remedy?: string;
  /** Whether it is reported although nobody named it, because it holds policies. `undefined` if only its text can tell. */
  readonly isRelevant: boolean | undefined;
}

/**
 * Recognizes the saved output of a tool: a Pulumi state or preview, a Terraform plan or state, an account, or roles. `undefined` for
 * anything else.
 */
export function recognizeSaved(text: string, path: string): Recognized | undefined {
  if (/^\uFEFF?user,arn,/.test(text)) return recognizedBy(() => reportPage(text));
  const value = jsonIn(text);
  // Whatever else it has, a value with statements is a policy document.
  if (!isObject(value) || keyOf(value, "statement") !== undefined) return undefined;
  if (isTooDeep(value)) {
    const problem = "Its values are nested too deeply.";
    return { kind: "unread", problem, remedy: "Check that it is the right file.", isRelevant: true };
  }
  if (isObject(value.deployment)) return recognizedBy(() => withFile(readState(value, path), path));
  // The templates of the constructs are in other files.
  if (typeof value.version === "string" && value.version.startsWith("tree-")) {
    return { kind: "unread", problem: "It is the construct tree of the CDK.", isRelevant: false };
  }
  return recognizedBy(
    () =>
      withFile(readPreview(value, path), path) ??
      readTerraform(value, path) ??
      readSavedAccount(value) ??
      readRoles(value, path),
  );
}

function withFile<Read extends AuditInput | undefined>(input: Read, path: string): Read {
  return input && path !== "-" ? { ...input, file: path } : input;
}

function recognizedBy(read: () => Recognized | undefined): Recognized | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { kind: "unread", problem: error.problem, remedy: error.remedy, isRelevant: true };
  }
}

/** Reads the output of `aws iam get-role` and `list-roles`. Throws Failure (`unseen`) if a role occurs twice. */
function readRoles({ Role, Roles, ...rest }: Json, path: string): AuditInput | undefined {
  const all: readonly unknown[] = Array.isArray(Roles) ? Roles : [Role];
  const facts = new Map<string, ResourceFacts>();
  const resources = all.flatMap((each) => {
    if (!isObject(each) || each.AssumeRolePolicyDocument === undefined) return [];
    const { RoleName, Arn, AssumeRolePolicyDocument } = each;
    const role = resource("AWS::IAM::Role", path, { RoleName, AssumeRolePolicyDocument });
    if (typeof RoleName !== "string") return [role];
    const urn = `${path}#${String(Arn ?? RoleName)}`;
    const use = savedRoleUse.safeParse(each);
    if (use.success) facts.set(urn, { lastUse: lastUseOfRole(use.data) });
    return [{ ...role, urn, name: RoleName }];
  });
  if (resources.length === 0 || resources.length < all.length) return undefined;
  const twice = repeated(resources.map(({ urn }) => urn));
  if (twice.length > 0) {
    throw new Failure("unseen", `It contains a role more than once: ${few(twice)}.`, "Save the roles again.");
  }
  const trouble = isTruncated(rest) ? MORE_ROLES : undefined;
  return { ...fileInput(path, resources), facts, trouble };
}

const MORE_ROLES = {
  problem: "Some roles are missing: the output is incomplete.",
  remedy: "Run aws iam list-roles without --max-items and --no-paginate, and save its output.",
};
