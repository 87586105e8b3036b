import type { Aws } from "../aws/connect";
import { virtualDevices } from "../aws/device";
import { membersOf } from "../aws/user";
import { Failure } from "../failure";
import type { StackOutputs } from "../stack/outputs";
import { lookAt, type Member, type Surroundings } from "./member";
import { TASKS, type Task, type TaskContext, tasksOf } from "./tasks";

/** One user of the stack or member of its group: what was found and needs doing, or why they could not be looked at. */
export type Row =
  | { readonly kind: "seen"; readonly member: Member; readonly needs: readonly Task[] }
  | { readonly kind: "absent"; readonly user: string }
  | { readonly kind: "undeployed"; readonly user: string }
  /** In the group, and not a user of the stack: what an interrupted `pulumi up` leaves, or put there by other means. */
  | { readonly kind: "unlisted"; readonly user: string }
  | { readonly kind: "unseen"; readonly user: string; readonly failure: Failure };

/** How many users are looked at at once. AWS is throttling requests where it is many more. */
const AT_ONCE = 6;

/**
 * Looks at all users of the stack. One who cannot be looked at does not hide the others.
 *
 * @param done called after each
 * @returns the rows in the order in which they need something done
 * @throws Failure where not even the group and the devices can be looked at
 */
export async function survey(
  aws: Aws,
  { groupName, users }: StackOutputs,
  how: Omit<TaskContext, "now">,
  done: () => void,
): Promise<Row[]> {
  const devices = await virtualDevices(aws);
  const around: Surroundings = {
    members: (await membersOf(aws, groupName)) ?? new Set(),
    devices: new Map(devices.map((device) => [device.serial, device])),
  };
  const { default: mapped } = await import("p-map");
  const now = new Date(aws.clock.now());
  const rows = await mapped(
    users,
    async ([user, found]): Promise<Row> => {
      try {
        if (found.kind !== "deployed") {
          if (found.kind === "undeployed") return { kind: "undeployed", user };
          throw found.failure;
        }
        const member = await lookAt(aws, user, found.devices, around);
        return member
          ? { kind: "seen", member, needs: tasksOf(member, { ...how, now }) }
          : { kind: "absent", user };
      } catch (error) {
        if (error instanceof Failure) return { kind: "unseen", user, failure: error };
        throw error;
      } finally {
        done();
      }
    },
    { concurrency: AT_ONCE },
  );
  const unlisted = [...around.members].filter((user) => !users.has(user));
  rows.push(...unlisted.map((user): Row => ({ kind: "unlisted", user })));
  return rows.sort((a, b) => urgency(a) - urgency(b) || nameOf(a).localeCompare(nameOf(b)));
}

export function nameOf(row: Row): string {
  return row.kind === "seen" ? row.member.user : row.user;
}

/** The lowest comes first. */
function urgency(row: Row): number {
  if (row.kind === "unseen") return -2;
  if (row.kind === "absent" || row.kind === "undeployed" || row.kind === "unlisted") return -1;
  const [first] = row.needs;
  return first ? TASKS.indexOf(first.kind) : TASKS.length;
}
