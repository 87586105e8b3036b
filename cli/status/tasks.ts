import { accessKeyStatusCommand } from "../aws/cli-command";
import { givesCodes } from "../aws/device";
import { deviceOption } from "../stack/choose-device";
import type { DeviceState, Member } from "./member";

/** What can need doing, the most urgent first. Rows are in this order too. */
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
  /** The problem, and the command that fixes it. */
  readonly text: string;
}

export interface TaskContext {
  readonly stack: string;
  /** The configuration's key that lists the stack's users. */
  readonly usersKey: string;
  /** The maximum age of an access key, and of its last use. */
  readonly maxKeyDays: number;
  readonly now: Date;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Whole days. */
export function daysSince(date: Date, now: Date): number {
  return Math.floor((now.getTime() - date.getTime()) / DAY_MS);
}

/** What needs doing for a user, the most urgent first. */
export function tasksOf(member: Member, { stack, usersKey, maxKeyDays, now }: TaskContext): Task[] {
  const { user, devices, accessKeys, otherDevices } = member;
  const active = accessKeys.filter((key) => key.active);
  const hasAccess = active.length > 0 || member.hasPassword;
  const hasDevice = devices.some(({ state }) => state === "enabled") || otherDevices.length > 0;
  // Someone may have added them to the group again. Nothing else needs doing for a user who leaves.
  if (member.locked && (member.inGroup || member.groupsOfLocked.length > 0 || hasAccess || hasDevice)) {
    const text = `offboarding is not complete: aws-mfa offboard ${user} --stack ${stack}, then remove them from ${usersKey}`;
    return [{ kind: "leaving", text }];
  }
  if (!member.inGroup && !hasAccess)
    return [{ kind: "offboarded", text: `has no access: remove them from ${usersKey}, then pulumi up` }];
  if (!member.inGroup) {
    const text = `not in the group, so MFA is not required: pulumi up --refresh, or aws-mfa offboard ${user} --stack ${stack}`;
    return [{ kind: "unguarded", text }];
  }
  const tasks = devices.flatMap((device) => deviceTask(device, member, stack));
  // During a replacement nobody knows which device the user has.
  if (!devices.some(({ replacing }) => replacing)) {
    for (const { id, madeAt, lastUse } of active) {
      const idle = daysSince(lastUse?.at ?? madeAt, now);
      const age = daysSince(madeAt, now);
      if (idle > maxKeyDays) {
        const command = accessKeyStatusCommand(user, id, "Inactive");
        tasks.push({ kind: "idle-key", text: `${id} was not used for ${idle} days: ${command}` });
      } else if (age > maxKeyDays) {
        tasks.push({
          kind: "old-key",
          text: `${id} is ${age} days old: have ${user} run aws-mfa keys rotate`,
        });
      }
    }
    if (!hasAccess) {
      tasks.push({ kind: "no-key", text: `no access key: aws-mfa keys issue ${user} --stack ${stack}` });
    }
  }
  return tasks.sort((a, b) => TASKS.indexOf(a.kind) - TASKS.indexOf(b.kind));
}

function deviceTask(device: DeviceState, member: Member, stack: string): Task[] {
  const { user, devices } = member;
  const option = deviceOption(devices, device);
  const which = option === "" ? "the device" : `the device ${device.name}`;
  const run = (command: string) => `aws-mfa ${command} ${user} --stack ${stack}${option}`;
  // Only the stack's state says which steps are done: an enabled device may still be the old one.
  if (device.replacing) {
    const what = option === "" ? "a device replacement" : `the replacement of ${device.name}`;
    return [{ kind: "replacing", text: `${what} is not finished: ${run("replace")}` }];
  }
  switch (device.state) {
    case "enabled":
      return [];
    case "taken":
      return [{ kind: "taken", text: `${which} belongs to ${device.by}: deactivate it there` }];
    case "missing":
      return [{ kind: "missing", text: `${which} is gone: ${run("replace")}` }];
    case "waiting":
      return [{ kind: "waiting", text: `enable ${which}: ${run("enroll")}${alternative(member)}` }];
  }
}

/** What the user can use until then. */
function alternative({ devices, otherDevices }: Member): string {
  if (devices.some(({ state }) => state === "enabled") || otherDevices.some(givesCodes)) {
    return " (another device is enabled)";
  }
  return otherDevices.length > 0 ? " (a security key is enabled, for the console only)" : "";
}
