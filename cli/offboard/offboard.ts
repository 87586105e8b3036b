import { type Aws, connect } from "../aws/connect";
import { assertAccount, callerIdentity } from "../aws/identity";
import { deactivateDevice, deactivateKey, leaveGroup, putInlinePolicy, removePassword } from "../aws/revoke";
import { Failure } from "../failure";
import { carryOut, type Step } from "../plan/plan";
import { withUserLock } from "../plan/user-lock";
import { type StackOutputs, stackOutputs, userOf } from "../stack/outputs";
import { configKey, type StackChoice } from "../stack/project";
import { type Listing, listing } from "../stack/users-list";
import { LOCK, lockDocument, revocationDocument } from "./lock-policy";
import { type UserCredentials, userCredentials } from "./user-credentials";

/**
 * Revokes all access of a user of the stack, and prints what is left to do. Shows the plan and asks first.
 *
 * @throws Failure if a step fails; another run resumes there
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
    const steps = [...(found ? revocation(aws, user, found) : []), ...delisting(choice, user, listed)];
    await carryOut({ title: `Offboard ${user}`, steps }, how.yes);
    const next = nextCommand(user, choice, listed);
    if (found === undefined) {
      process.stdout.write(`${next}\n`);
      return;
    }
    await assertNothingIsLeft(aws, user);
    process.stdout.write(
      `\nThe keys, password and devices of ${user} no longer work. Still to do:\n${next}\n`,
    );
    process.stdout.write(openSessions(user, outputs, new Date(aws.clock.now())));
  });
}

/** In this order the user never has more permissions than before. Outside the group its guard no longer applies, so that comes last. */
function revocation(aws: Aws, user: string, found: UserCredentials): Step[] {
  const forEach = (
    what: string,
    names: readonly string[],
    revoke: (aws: Aws, user: string, name: string) => Promise<void>,
  ): Step => ({
    what: names.length === 0 ? what : `${what}: ${names.join(", ")}`,
    done: names.length === 0,
    run: async () => {
      for (const name of names) await revoke(aws, user, name);
    },
  });
  return [
    {
      what: `Deny ${user} everything, including in their own open sessions (inline policy ${LOCK})`,
      done: found.locked,
      run: () => putInlinePolicy(aws, user, LOCK, lockDocument),
    },
    forEach("Deactivate the access keys", found.activeKeys, deactivateKey),
    {
      what: "Delete the console password",
      done: !found.hasPassword,
      run: () => removePassword(aws, user),
    },
    forEach("Deactivate the MFA devices", found.devices, deactivateDevice),
    forEach("Remove the group memberships", found.groups, leaveGroup),
  ];
}

/** The next pulumi up would restore a user who is still in the configuration. */
function delisting(choice: StackChoice, user: string, listed: Listing): Step[] {
  if (listed.kind === "elsewhere") return [];
  return [
    {
      what: `Remove ${user} from ${configKey(choice, "users")} (pulumi config)`,
      done: listed.kind === "off",
      run: async () => {
        if (listed.kind === "listed") await listed.remove();
      },
    },
  ];
}

/** The plan was made before the confirmation, and until its first step the user could do everything that they were allowed. */
async function assertNothingIsLeft(aws: Aws, user: string): Promise<void> {
  const found = await userCredentials(aws, user);
  if (found === undefined || revocation(aws, user, found).every((step) => step.done)) return;
  throw new Failure(
    "failed",
    `The plan is done, but ${user} still has access that was not in it: it is new, or a change has not propagated yet.`,
    "Run the same command again to see and revoke what is left.",
  );
}

function nextCommand(user: string, choice: StackChoice, listed: Listing): string {
  const command = `pulumi up --stack ${choice.stack}`;
  const effect = "It deletes the device, and the user if the stack created them.";
  if (listed.kind !== "elsewhere") return `Run ${command}\n${effect}`;
  return (
    `The configuration in this folder has no readable ${configKey(choice, "users")}. Remove ${user} where it is kept, then run: ${command}\n` +
    `${effect} Until then, pulumi up --refresh would add them to the group again.`
  );
}

/** The sessions of roles, which the user's own policies do not reach. */
function openSessions(user: string, { roles }: StackOutputs, now: Date): string {
  const longest = Object.entries(roles).map(
    ([name, { sessionSeconds }]) => `${name} ${hours(sessionSeconds)}`,
  );
  if (longest.length === 0) return "";
  return (
    `Role sessions that ${user} started remain valid until they expire, at most: ${longest.join(", ")}.\n` +
    "To revoke all sessions of a role earlier, including those of other people:\n" +
    `  aws iam put-role-policy --role-name ROLE --policy-name AWSRevokeOlderSessions --policy-document '${revocationDocument(now)}'\n`
  );
}

function hours(seconds: number): string {
  const whole = seconds / 3600;
  return Number.isInteger(whole) ? `${whole} h` : `${Math.ceil(seconds / 60)} min`;
}
