import { readdir, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { Failure, systemCode } from "../../failure";
import type { SavedPage } from "../account/saved";
import type { AuditInput } from "../input";
import { textOf } from "../input-text";
import type { Trouble } from "../report";
import { type Deployed, recognize } from "./document";
import { nestedTemplates } from "./nested";

/** What a file declares, or a part of what is known of an account. */
type Source = AuditInput | SavedPage;

/** What a file that cannot be read has to mention for it to count, where nobody named it. */
const OURS =
  /\bStatement\b|\bAWSTemplateFormatVersion\b|\bAWS::IAM::|\baws(cc)?_iam_|\b(User|Group|Role)DetailList\b|"terraform_version"/;
/** In a file that may be anything: prose speaks of statements, too. */
const OURS_BY_FORM =
  /^\s*[{[][\s\S]*"(Statement|UserDetailList|GroupDetailList|RoleDetailList|terraform_version)"\s*:/;
const KINDS = /\.(json|ya?ml|template|tfstate|csv)$/i;
/** Programs that make documents: only their tools can say which. */
const TERRAFORM = /\.((tf|tofu)(\.json)?|tpl|tftpl)$/i;
const MAKES_POLICIES = /\bStatement\b"?\s*[:=]|\baws(cc)?_iam_\w+/;
const PLAN = "Give its plan: terraform plan -out plan && terraform show -json plan > plan.json";
/** A file without an extension may be anything, a large program too. */
const MOST_BYTES_WITHOUT_EXTENSION = 1024 * 1024;

/**
 * Reads policy documents and templates, and what Terraform, Pulumi and the AWS CLI saved; `-` is standard input. In a folder, files
 * that are neither are passed over, unless they hold such documents in another form, and links to folders are not followed; what was
 * named itself is never passed over.
 * What has the name of such a file and is none, such as a pipe, is said not to be read.
 *
 * @throws Failure (`unseen`) where a path is not there
 */
export async function readPath(path: string, deployed: Deployed = {}): Promise<readonly Source[]> {
  if (path === "-") return readFile(path, true, deployed);
  const found = await stat(path).catch((error: unknown) => refuse(path, error));
  if (!found.isDirectory()) return readFile(path, true, deployed);
  const sources: Source[] = [];
  for (const file of await filesBelow(path)) sources.push(...(await readFileBelow(file, deployed)));
  if (sources.length > 0) return sources;
  const { trouble, ...folder } = unread(path, "It contains no policy document and no template.");
  return [{ ...folder, trouble: { ...trouble, notLookedAt: { folders: 1 } } }];
}

function refuse(path: string, error: unknown): never {
  throw new Failure(
    "unseen",
    `${path} cannot be read: ${systemCode(error) ?? String(error)}.`,
    "Check the path and its permissions.",
  );
}

function unread(
  path: string,
  problem: string,
  remedy = "Expected policy documents or CloudFormation templates as JSON or YAML, a Terraform plan or state, a Pulumi state or preview, or IAM output of the AWS CLI.",
): AuditInput & { readonly trouble: Trouble } {
  return { kind: "file", name: path, file: path, resources: [], trouble: { problem, remedy } };
}

async function readFile(path: string, isNamed: boolean, deployed: Deployed): Promise<readonly Source[]> {
  const text = await textOf(path);
  if (TERRAFORM.test(path)) {
    return isNamed || MAKES_POLICIES.test(text)
      ? [unread(path, "It is the source of a Terraform module.", PLAN)]
      : [];
  }
  const recognized = recognize(text, path, deployed, await nestedTemplates(text, path));
  if (recognized.kind === "source") return [recognized.source];
  if (recognized.kind === "page") return [recognized];
  const mayBeOurs =
    recognized.kind === "other"
      ? recognized.holdsPolicies
      : recognized.kind === "unread" || mayHold(path, text);
  if (!isNamed && !mayBeOurs) return [];
  if (recognized.kind === "other") return [unread(path, `It is ${recognized.what}.`)];
  if (recognized.kind === "unread")
    return [unread(path, `${recognized.problem.replace(/\.$/, "")}.`, recognized.remedy)];
  const { problem, allowed } = recognized;
  return [unread(path, `It cannot be read: ${problem}.`, `Expected ${allowed}.`)];
}

function mayHold(path: string, text: string): boolean {
  const extension = extname(path).toLowerCase();
  if (extension === ".tfstate") return true;
  return (extension === "" || extension === ".csv" ? OURS_BY_FORM : OURS).test(text);
}

/** Nobody may ever write to a pipe that lies in a folder, so it is not waited for. */
async function readFileBelow(path: string, deployed: Deployed): Promise<readonly Source[]> {
  const found = await stat(path).catch((error: unknown) => systemCode(error) ?? String(error));
  if (typeof found === "string") return [unread(path, `It cannot be read: ${found}.`)];
  if (found.isDirectory()) return [];
  if (found.isFile()) {
    const isTooLarge = !basename(path).includes(".") && found.size > MOST_BYTES_WITHOUT_EXTENSION;
    return isTooLarge ? [] : readFile(path, false, deployed);
  }
  const what = found.isFIFO() ? "a pipe" : found.isSocket() ? "a socket" : "a device";
  return [unread(path, `It is ${what}, not a file.`, "Name it on the command line to have it read.")];
}

/** In the order of their names. Hidden folders and installed packages are nobody's policies. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) =>
    refuse(folder, error),
  );
  const below = entries
    .filter(({ name }) => !name.startsWith(".") && name !== "node_modules")
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(async (entry): Promise<readonly string[]> => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return KINDS.test(entry.name) ||
        TERRAFORM.test(entry.name) ||
        (entry.isFile() && !entry.name.includes("."))
        ? [path]
        : [];
    });
  return (await Promise.all(below)).flat();
}
