import { type Aws, connect } from "../aws/connect";
import { assertAccount, callerIdentity } from "../aws/identity";
import { deactivateDevice, deactivateKey, leaveGroup, putInlinePolicy, removePassword } from "../aws/revoke";
import { Failure } from "../failure";
import { carryOut } from "../plan/carry-out";
import { oneAtATime } from "../plan/one-at-a-time";
import { isDone, type Plan } from "../plan/plan";
import { type StackOutputs, stackOutputs, userOf } from "../stack/outputs";
import { configKey } from "../stack/project";
import type { StackChoice } from "../stack/pulumi";
import { LOCK, lockDocument, revocationDocument } from "./lock-policy";
import { type WaysIn, waysIn } from "./ways-in";

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
  const aws = await connect({ profile: how.profile });
  try {
    const identity = await callerIdentity(aws);
    assertAccount(identity, mfaSerial);
    if (identity.user === user) {
      throw new Failure(
        "credentials",
        `The credentials are ${user}'s own, and would stop in the middle.`,
        "Use those of another administrator: --profile NAME",
      );
    }
    await oneAtATime(identity.account, user, async () => {
      const found = await waysIn(aws, user);
      if (found === undefined) {
        process.stdout.write(`AWS has no user ${user}: nobody can get in as them.\n`);
        process.stdout.write(`${offTheList(user, choice)}\n`);
        return;
      }
      await carryOut(planFor(aws, user, found), how.yes);
      await assertNothingIsLeft(aws, user);
      process.stdout.write(`\n${whatIsLeft(user, choice, outputs, new Date(aws.clock.now()))}\n`);
    });
  } finally {
    aws.close();
  }
}

/**
 * In this order the user has never more rights than before: out of the group they would be free of its guard, so
 * everything else goes first.
 */
function planFor(aws: Aws, user: string, found: WaysIn): Plan {
  const { locked, activeKeys, devices, groups } = found;
  const named = (what: string, names: readonly string[]) =>
    names.length === 0 ? what : `${what}: ${names.join(", ")}`;
  return {
    aim: `Offboard ${user}`,
    steps: [
      {
        what: `Deny ${user} everything, also in open sessions of their own (inline policy ${LOCK})`,
        done: locked,
        run: () => putInlinePolicy(aws, user, LOCK, lockDocument),
      },
      {
        what: named(
          "Make the access keys inactive",
          activeKeys.map(({ id }) => id),
        ),
        done: activeKeys.length === 0,
        run: async () => {
          for (const { id } of activeKeys) await deactivateKey(aws, user, id);
        },
      },
      {
        what: "Remove the console password",
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
        what: named("Take them out of the groups", groups),
        done: groups.length === 0,
        run: async () => {
          for (const group of groups) await leaveGroup(aws, user, group);
        },
      },
    ],
  };
}

/** The plan was made before somebody agreed to it, and until its first step the user could do all that they were allowed. */
async function assertNothingIsLeft(aws: Aws, user: string): Promise<void> {
  const found = await waysIn(aws, user);
  if (found === undefined || isDone(planFor(aws, user, found))) return;
  throw new Failure(
    "failed",
    `The plan is done, and AWS shows a way in of ${user} that was not in it: it is new, or a change is not seen everywhere yet.`,
    "Run the same again: it shows what is left, and goes on from there.",
  );
}

function whatIsLeft(user: string, choice: StackChoice, { roles }: StackOutputs, now: Date): string {
  const lasting = Object.entries(roles).map(
    ([name, { sessionSeconds }]) => `${name} ${hours(sessionSeconds)}`,
  );
  const sessions =
    lasting.length === 0
      ? []
      : [
          `Sessions of roles that ${user} has assumed go on until they end, at most: ${lasting.join(", ")}.`,
          "If that is too long, end all sessions of a role, other people's too:",
          `  aws iam put-role-policy --role-name ROLE --policy-name AWSRevokeOlderSessions --policy-document '${revocationDocument(now)}'`,
        ];
  return [
    `No key, password or device of ${user} works any more. What is left to do:`,
    offTheList(user, choice),
    ...sessions,
  ].join("\n");
}

function offTheList(user: string, choice: StackChoice): string {
  return (
    `Take ${user} off ${configKey(choice, "users")}, then: pulumi up --stack ${choice.stack}\n` +
    "It deletes the device, and the user if the stack made them. Until then pulumi up --refresh would put them back into the group."
  );
}

function hours(seconds: number): string {
  const whole = seconds / 3600;
  return Number.isInteger(whole) ? `${whole} h` : `${Math.ceil(seconds / 60)} min`;
}
