import type { Aws } from "../aws/connect";
import { virtualDevices } from "../aws/device";
import { membersOf } from "../aws/user";
import { Failure } from "../failure";
import type { StackOutputs } from "../stack/outputs";
import { type Member, memberOf } from "./member";
import { TASKS, type Task, type TaskContext, tasksOf } from "./tasks";

/** One user of the stack or member of its group. */
export type Row = { readonly user: string } & (
  | { readonly kind: "seen"; readonly member: Member; readonly needs: readonly Task[] }
  /** AWS has no such user, or the stack has not deployed them. */
  | { readonly kind: "absent" | "undeployed" }
  /** In the group, but not a user of the stack: left by an interrupted `pulumi up`, or added by other means. */
  | { readonly kind: "unlisted" }
  | { readonly kind: "unseen"; readonly failure: Failure }
);

/** How many users are read at once. With many more AWS throttles. */
const CONCURRENCY = 6;

/**
 * Reads all users of the stack. One who cannot be read does not hide the others.
 *
 * @param done called after each user
 * @returns the rows, the most urgent first
 * @throws Failure if the group or the devices cannot be read
 */
export async function survey(
  aws: Aws,
  { groupName, users }: StackOutputs,
  context: Omit<TaskContext, "now">,
  done: () => void,
): Promise<Row[]> {
  const devices = new Map((await virtualDevices(aws)).map((device) => [device.serial, device]));
  const members = (await membersOf(aws, groupName)) ?? new Set<string>();
  const now = new Date(aws.clock.now());
  const { default: pMap } = await import("p-map");
  const rows = await pMap(
    users,
    async ([user, found]): Promise<Row> => {
      try {
        if (found.kind === "undeployed") return { user, kind: "undeployed" };
        if (found.kind === "unusable") throw found.failure;
        const member = await memberOf(aws, user, found.devices, { members, devices });
        if (member === undefined) return { user, kind: "absent" };
        return { user, kind: "seen", member, needs: tasksOf(member, { ...context, now }) };
      } catch (error) {
        if (error instanceof Failure) return { user, kind: "unseen", failure: error };
        throw error;
      } finally {
        done();
      }
    },
    { concurrency: CONCURRENCY },
  );
  for (const user of members) if (!users.has(user)) rows.push({ user, kind: "unlisted" });
  return rows.sort((a, b) => urgency(a) - urgency(b) || a.user.localeCompare(b.user));
}

/** The lowest comes first. */
function urgency(row: Row): number {
  if (row.kind === "unseen") return -2;
  if (row.kind !== "seen") return -1;
  const [first] = row.needs;
  return first ? TASKS.indexOf(first.kind) : TASKS.length;
}
