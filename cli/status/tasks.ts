import type { AccessKey } from "../aws/access-key";
import type { Member } from "./member";

/** What needs doing, the most urgent first: the order of this list is the order of the rows. */
export const TASKS = [
  "unguarded",
  "leaving",
  "replacing",
  "taken",
  "missing",
  "waiting",
  "old-key",
  "idle-key",
  "offboarded",
  "no-key",
] as const;

export interface Task {
  readonly kind: (typeof TASKS)[number];
  /** What is so, and what to do about it. */
  readonly text: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export interface TaskContext {
  readonly stack: string;
  /** The configuration's key that lists the stack's users. */
  readonly usersKey: string;
  /** An access key that is older, or was not used for longer, is to go. */
  readonly maxKeyDays: number;
  readonly now: Date;
}

/** What needs doing for a user, the most urgent first; empty where all is well. */
export function tasksOf(member: Member, { stack, usersKey, maxKeyDays, now }: TaskContext): Task[] {
  const { user, device, accessKeys, otherDevices } = member;
  const active = accessKeys.filter((key) => key.active);
  const hasWayIn = active.length > 0 || member.hasPassword;
  // They may have been put back into the group since: nothing else is to be done for somebody who leaves.
  const hasDevice = device.state === "enabled" || otherDevices.length > 0;
  if (member.locked && (member.inGroup || member.groupsOfLocked.length > 0 || hasWayIn || hasDevice)) {
    return [
      {
        kind: "leaving",
        text: `offboarding is not complete: aws-mfa offboard ${user} --stack ${stack}, then remove them from ${usersKey}`,
      },
    ];
  }
  if (!member.inGroup) {
    return [
      hasWayIn
        ? {
            kind: "unguarded",
            text: `not in the group, so MFA is not required: pulumi up --refresh, or aws-mfa offboard ${user} --stack ${stack}`,
          }
        : { kind: "offboarded", text: `has no access: remove them from ${usersKey}, then pulumi up` },
    ];
  }
  const needs: Task[] = [];
  // Which of its steps are done, only the stack's state says: a device that is on may be the old one still.
  if (member.replacing) {
    return [
      {
        kind: "replacing",
        text: `a device replacement is not finished: aws-mfa replace ${user} --stack ${stack}`,
      },
    ];
  }
  if (device.state === "taken") {
    needs.push({ kind: "taken", text: `the device belongs to ${device.by}: deactivate it there` });
  }
  if (device.state === "missing") {
    needs.push({ kind: "missing", text: `the device is gone: aws-mfa replace ${user} --stack ${stack}` });
  }
  if (device.state === "waiting") {
    const instead = otherDevices.length > 0 ? " (another device is enabled)" : "";
    needs.push({
      kind: "waiting",
      text: `enable the device: aws-mfa enroll ${user} --stack ${stack}${instead}`,
    });
  }
  const days = (since: Date) => Math.floor((now.getTime() - since.getTime()) / DAY_MS);
  for (const key of active) {
    const idle = days(key.lastUse?.at ?? key.madeAt);
    const age = days(key.madeAt);
    if (idle > maxKeyDays) {
      needs.push({
        kind: "idle-key",
        text: `${key.id} was not used for ${idle} days: ${inactive(user, key)}`,
      });
    } else if (age > maxKeyDays) {
      needs.push({
        kind: "old-key",
        text: `${key.id} is ${age} days old: have ${user} run aws-mfa keys rotate`,
      });
    }
  }
  if (!hasWayIn) {
    needs.push({ kind: "no-key", text: `no access key: aws-mfa keys issue ${user} --stack ${stack}` });
  }
  return needs.sort((a, b) => TASKS.indexOf(a.kind) - TASKS.indexOf(b.kind));
}

function inactive(user: string, { id }: AccessKey): string {
  return `aws iam update-access-key --user-name ${user} --access-key-id ${id} --status Inactive`;
}
