import { type Aws, connect } from "../aws/connect";
import { assertAccount, callerIdentity } from "../aws/identity";
import { deactivateDevice, deactivateKey, leaveGroup, putInlinePolicy, removePassword } from "../aws/revoke";
import { Failure } from "../failure";
import { carryOut } from "../plan/carry-out";
import type { Step } from "../plan/plan";
import { withUserLock } from "../plan/user-lock";
import { type StackOutputs, stackOutputs, userOf } from "../stack/outputs";
import type { StackChoice } from "../stack/project";
import { configKey } from "../stack/project";
import { type Listing, listing } from "../stack/users-list";
import { LOCK, lockDocument, revocationDocument } from "./lock-policy";
import { type UserCredentials, userCredentials } from "./user-credentials";

/**
 * Takes all ways in from a user of the stack, after the plan was shown and agreed to, and says what is left to do.
 *
 * @throws Failure where it could not be done to the end; run again, it goes on
 */
export async function offboard(
  user: string,
  choice: StackChoice,
  how: { readonly profile: string | undefined; readonly yes: boolean },
): Promise<void> {
  const outputs = await stackOutputs(choice);
  const { mfaSerial } = userOf(choice, outputs, user);
  using aws = await connect({ profile: how.profile });
  const identity = await callerIdentity(aws);
  assertAccount(identity, mfaSerial);
  if (identity.user === user) {
    throw new Failure(
      "credentials",
      `These credentials belong to ${user}, and would stop working halfway.`,
      "Use those of another administrator: --profile NAME",
    );
  }
  await withUserLock(identity.account, user, async () => {
    const found = await userCredentials(aws, user);
    const listed = await listing(choice, user);
    if (found === undefined)
      process.stdout.write(`AWS has no user ${user}, so there is no access to revoke.\n`);
    const steps = [...(found ? stepsFor(aws, user, found) : []), ...offTheList(choice, user, listed)];
    await carryOut({ aim: `Offboard ${user}`, steps }, how.yes);
    if (found === undefined) {
      process.stdout.write(`${next(user, choice, listed)}\n`);
      return;
    }
    await assertNothingIsLeft(aws, user);
    process.stdout.write(
      `\n${whatIsLeft(user, next(user, choice, listed), outputs, new Date(aws.clock.now()))}\n`,
    );
  });
}

/**
 * In this order the user has never more rights than before: out of the group they would be free of its guard, so
 * everything else goes first.
 */
function stepsFor(aws: Aws, user: string, found: UserCredentials): Step[] {
  const { locked, activeKeys, devices, groups } = found;
  const named = (what: string, names: readonly string[]) =>
    names.length === 0 ? what : `${what}: ${names.join(", ")}`;
  return [
    {
      what: `Deny ${user} everything, including in their own open sessions (inline policy ${LOCK})`,
      done: locked,
      run: () => putInlinePolicy(aws, user, LOCK, lockDocument),
    },
    {
      what: named(
        "Deactivate the access keys",
        activeKeys.map(({ id }) => id),
      ),
      done: activeKeys.length === 0,
      run: async () => {
        for (const { id } of activeKeys) await deactivateKey(aws, user, id);
      },
    },
    {
      what: "Delete the console password",
      done: !found.hasPassword,
      run: () => removePassword(aws, user),
    },
    {
      what: named("Deactivate the MFA devices", devices),
      done: devices.length === 0,
      run: async () => {
        for (const serial of devices) await deactivateDevice(aws, user, serial);
      },
    },
    {
      what: named("Remove the group memberships", groups),
      done: groups.length === 0,
      run: async () => {
        for (const group of groups) await leaveGroup(aws, user, group);
      },
    },
  ];
}

/** The plan was made before somebody agreed to it, and until its first step the user could do all that they were allowed. */
async function assertNothingIsLeft(aws: Aws, user: string): Promise<void> {
  const found = await userCredentials(aws, user);
  if (found === undefined || stepsFor(aws, user, found).every((step) => step.done)) return;
  throw new Failure(
    "failed",
    `The plan is done, but ${user} still has access that was not in it: it is new, or a change has not propagated yet.`,
    "Run the same command again to see and revoke what is left.",
  );
}

function whatIsLeft(user: string, next: string, { roles }: StackOutputs, now: Date): string {
  const lasting = Object.entries(roles).map(
    ([name, { sessionSeconds }]) => `${name} ${hours(sessionSeconds)}`,
  );
  const sessions =
    lasting.length === 0
      ? []
      : [
          `Role sessions that ${user} started remain valid until they expire, at most: ${lasting.join(", ")}.`,
          "To revoke all sessions of a role earlier, including those of other people:",
          `  aws iam put-role-policy --role-name ROLE --policy-name AWSRevokeOlderSessions --policy-document '${revocationDocument(now)}'`,
        ];
  return [`The keys, password and devices of ${user} no longer work. Still to do:`, next, ...sessions].join(
    "\n",
  );
}

/** The next pulumi up would put back whoever is still listed. */
function offTheList(choice: StackChoice, user: string, listed: Listing): Step[] {
  if (listed.kind === "elsewhere") return [];
  return [
    {
      what: `Remove ${user} from ${configKey(choice, "users")} (pulumi config)`,
      done: listed.kind === "off",
      run: async () => {
        if (listed.kind === "listed") await listed.takeOff();
      },
    },
  ];
}

function next(user: string, choice: StackChoice, listed: Listing): string {
  const command = `pulumi up --stack ${choice.stack}`;
  const effect = "It deletes the device, and the user if the stack created them.";
  if (listed.kind !== "elsewhere") return `Run ${command}\n${effect}`;
  return (
    `The configuration in this folder has no readable ${configKey(choice, "users")}. Remove ${user} where it is kept, then run: ${command}\n` +
    `${effect} Until then, pulumi up --refresh would add them to the group again.`
  );
}

function hours(seconds: number): string {
  const whole = seconds / 3600;
  return Number.isInteger(whole) ? `${whole} h` : `${Math.ceil(seconds / 60)} min`;
}
