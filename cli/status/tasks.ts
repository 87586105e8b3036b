import type { AccessKey } from "../aws/access-key";
import { givesCodes } from "../aws/device";
import { deviceOption } from "../stack/choose-device";
import type { DeviceState, Member } from "./member";

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
  const { user, devices, accessKeys, otherDevices } = member;
  const active = accessKeys.filter((key) => key.active);
  const hasWayIn = active.length > 0 || member.hasPassword;
  // They may have been put back into the group since: nothing else is to be done for somebody who leaves.
  const hasDevice = devices.some(({ state }) => state === "enabled") || otherDevices.length > 0;
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
  const needs = devices.flatMap((device) => deviceTask(device, member, stack) ?? []);
  // Until then nobody knows what the user has in hand.
  if (devices.some(({ replacing }) => replacing)) return sorted(needs);
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
  return sorted(needs);
}

function sorted(needs: readonly Task[]): Task[] {
  return [...needs].sort((a, b) => TASKS.indexOf(a.kind) - TASKS.indexOf(b.kind));
}

function deviceTask(device: DeviceState, member: Member, stack: string): Task | undefined {
  const { user, devices } = member;
  const option = deviceOption(devices, device);
  const which = option === "" ? "the device" : `the device ${device.name}`;
  const run = (command: string) => `aws-mfa ${command} ${user} --stack ${stack}${option}`;
  // Which of its steps are done, only the stack's state says: a device that is on may be the old one still.
  if (device.replacing) {
    const what = option === "" ? "a device replacement" : `the replacement of ${device.name}`;
    return { kind: "replacing", text: `${what} is not finished: ${run("replace")}` };
  }
  switch (device.state) {
    case "enabled":
      return undefined;
    case "taken":
      return { kind: "taken", text: `${which} belongs to ${device.by}: deactivate it there` };
    case "missing":
      return { kind: "missing", text: `${which} is gone: ${run("replace")}` };
    case "waiting":
      return { kind: "waiting", text: `enable ${which}: ${run("enroll")}${instead(member)}` };
  }
}

/** What the user has meanwhile. */
function instead({ devices, otherDevices }: Member): string {
  if (devices.some(({ state }) => state === "enabled") || otherDevices.some(givesCodes)) {
    return " (another device is enabled)";
  }
  return otherDevices.length > 0 ? " (a security key is enabled, for the console only)" : "";
}

function inactive(user: string, { id }: AccessKey): string {
  return `aws iam update-access-key --user-name ${user} --access-key-id ${id} --status Inactive`;
}
