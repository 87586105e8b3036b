import { cp, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { IAM } from "@aws-sdk/client-iam";
import type { LocalStack } from "../../../local/engine/stack";

/** Does what docs/stack.md says where an engine was killed while it wrote its state, and takes its lock away. */
export async function repairState(stack: LocalStack): Promise<string[]> {
  const file = join(stack.folder, ".pulumi/stacks/aws-mfa-stack/local.json");
  const isEmpty = async (path: string) => (await stat(path).catch(() => undefined))?.size === 0;
  const attributes = `${file}.attrs`;
  const repaired: string[] = [];
  if (await isEmpty(attributes)) {
    await rm(attributes);
    repaired.push("the empty attributes file is gone");
  }
  const lost = await isEmpty(file);
  if (lost) await cp(`${file}.bak`, file);
  await stack.cancel();
  if (!lost) return repaired;
  await stack.refresh();
  return [...repaired, "the empty state is the one before, refreshed"];
}

const HOME = "arn:aws:iam::123456789012:";

export interface Renaming {
  readonly from: string;
  readonly to: string;
}

type Repair = (iam: IAM, name: string, group: Renaming) => Promise<unknown>;

/** What `pulumi up` stumbles over, with its name, and what docs/stack.md says to do then. */
const REPAIRS: readonly (readonly [RegExp, Repair])[] = [
  [/creating IAM User \((\S+)\): EntityAlreadyExists/g, (iam, UserName) => iam.deleteUser({ UserName })],
  [/creating IAM Role \((\S+)\): EntityAlreadyExists/g, (iam, RoleName) => iam.deleteRole({ RoleName })],
  [
    // By the resource's name, which says whose a further device is: `alice/backup`.
    /VirtualMfaDevice \((\S+)\):[^()]*error:[^()]*creating IAM Virtual MFA Device \(\S+\): EntityAlreadyExists/g,
    (iam, name) => iam.deleteVirtualMFADevice({ SerialNumber: `${HOME}mfa/${name}` }),
  ],
  [
    /creating IAM Group \(\S+\): EntityAlreadyExists\w*: Group (\S+) already exists/g,
    (iam, GroupName) => iam.deleteGroup({ GroupName }),
  ],
  [
    /EntityAlreadyExists\w*: A policy called (\S+) already exists/g,
    (iam, name) => iam.deletePolicy({ PolicyArn: `${HOME}policy/${name}` }),
  ],
  [
    /updating IAM Group \((\S+)\): (?:NoSuchEntity|EntityAlreadyExists)/g,
    (iam, _, { from, to }) => iam.updateGroup({ GroupName: to, NewGroupName: from }),
  ],
];

/**
 * Does what docs/stack.md says where `pulumi up` stumbles over what a killed one left: deletes what that had just made, and gives a
 * group that it was renaming the old name back.
 *
 * @param printed what `pulumi up` said
 * @returns what it stumbled over, and what is repaired now
 */
export async function repair(iam: IAM, printed: string, group: Renaming): Promise<string[]> {
  const repaired: string[] = [];
  for (const [pattern, repair] of REPAIRS) {
    // The engine says each twice.
    const names = new Set(Array.from(printed.matchAll(pattern), ([, name = ""]) => name));
    for (const name of names) {
      await repair(iam, name, group);
      repaired.push(`${pattern.source} ${name}`);
    }
  }
  return repaired;
}
