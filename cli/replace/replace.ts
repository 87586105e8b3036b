import { type Aws, connect } from "../aws/connect";
import { type Device, enabledDevices, virtualDevices } from "../aws/device";
import { assertAccount, callerIdentity } from "../aws/identity";
import { deactivateDevice, deleteDevice } from "../aws/revoke";
import { iamUser } from "../aws/user";
import { assertCanAsk, enrol, type How, sayEnabled } from "../enroll/enrol";
import { Failure } from "../failure";
import { carryOut } from "../plan/carry-out";
import { oneAtATime } from "../plan/one-at-a-time";
import { isDone, type Plan } from "../plan/plan";
import { up } from "../stack/change";
import { type StackDevice, stackDevice } from "../stack/device";
import { deviceSeed, stackOutputs, userOf } from "../stack/outputs";
import type { StackChoice } from "../stack/pulumi";
import { withNotice } from "../terminal/progress";
import { isNew, mark, REPLACING, unmark } from "./mark";

/** What AWS and the stack say of the device now. */
interface Found {
  readonly serial: string;
  /** As AWS has it; `undefined` where it has none of that name. */
  readonly device: Device | undefined;
  readonly inStack: StackDevice;
  /** The mark of a replacement that was begun. */
  readonly marked: string | undefined;
  readonly now: number;
}

/**
 * Replaces the device of a user whose phone is lost: off, a new one with a new seed through the stack, and enrolled. The plan
 * is shown and agreed to first.
 *
 * @throws Failure where it could not be done to the end; run again, it goes on
 */
export async function replace(
  user: string,
  choice: StackChoice,
  how: How & { readonly yes: boolean },
): Promise<void> {
  const { mfaSerial: serial } = userOf(choice, await stackOutputs(choice), user);
  const aws = await connect({ profile: how.profile });
  try {
    const identity = await callerIdentity(aws);
    assertAccount(identity, serial);
    await oneAtATime(identity.account, user, async () => {
      const found = await lookAround(aws, user, serial, choice);
      // Better now than after the old device is gone.
      if (how.yes) await assertCanAsk(serial, how);
      const plan = planFor(aws, user, choice, found, how);
      await carryOut(plan, how.yes);
      if (isDone(plan)) {
        await unmark(aws, user);
        process.stdout.write(
          "The device that is on is the new one. If it is lost too, run the same again.\n",
        );
      }
      process.stdout.write(
        `The profile stays as it is. ${await others(aws, user, serial)}`.trimEnd().concat("\n"),
      );
    });
  } finally {
    aws.close();
  }
}

async function lookAround(aws: Aws, user: string, serial: string, choice: StackChoice): Promise<Found> {
  const [known, devices, inStack] = await Promise.all([
    iamUser(aws, user),
    virtualDevices(aws),
    stackDevice(choice, user),
  ]);
  if (known === undefined) {
    throw new Failure("stack", `AWS has no user ${user}.`, "Run pulumi up --refresh, then this again.");
  }
  const device = devices.find((each) => each.serial === serial);
  if (device?.user !== undefined && device.user !== user) {
    throw new Failure(
      "failed",
      `The device ${serial} is assigned to ${device.user}, not to ${user}.`,
      `Deactivate it there first: aws iam deactivate-mfa-device --user-name ${device.user} --serial-number ${serial}`,
    );
  }
  return { serial, device, inStack, marked: known.tags[REPLACING], now: aws.clock.now() };
}

function planFor(aws: Aws, user: string, choice: StackChoice, found: Found, how: How): Plan {
  const { serial, device, inStack, marked, now } = found;
  const renewed = device !== undefined && inStack.whole && isNew(inStack.madeAt, marked, now);
  // One that is on and new: a run came as far as the last code, and not to the mark.
  const finished = renewed && device.user !== undefined;
  const enabled = device?.user !== undefined && !finished;
  const since = device?.enabledAt ? `, enabled since ${device.enabledAt.toISOString().slice(0, 10)}` : "";
  const begin = () => mark(aws, user, inStack.madeAt ?? "none");
  return {
    aim: `Replace the device of ${user}`,
    steps: [
      {
        what: `Deactivate ${serial}${enabled ? since : ""}: its codes are worth nothing from then on`,
        done: !enabled,
        run: async () => {
          await begin();
          await deactivateDevice(aws, user, serial);
        },
      },
      {
        what: "Have the stack make a new one with a new seed (pulumi up, of the device alone)",
        done: renewed,
        run: async () => {
          await begin();
          await withNotice("pulumi up makes the new device", () =>
            renew(aws, choice, user, found, how.profile),
          );
        },
      },
      {
        what: "Enrol it: scan the new QR code, and give two codes in a row",
        done: finished,
        run: async () => {
          const seed = await deviceSeed(choice, await stackOutputs(choice), user);
          const assigned = await enrol(aws, { user, serial, seed }, how);
          await unmark(aws, user);
          sayEnabled(assigned, "now");
        },
      },
    ],
  };
}

async function renew(
  aws: Aws,
  choice: StackChoice,
  user: string,
  { serial, device, inStack }: Found,
  profile: string | undefined,
): Promise<void> {
  const { urn, madeAt } = inStack;
  // Made in a run that was killed before it could write that down: the stack would stumble over it.
  if (madeAt === undefined && device !== undefined) await deleteDevice(aws, serial);
  await up(
    choice,
    [madeAt === undefined ? "--target" : "--target-replace", urn, "--target-dependents"],
    profile,
  );
  const after = await stackDevice(choice, user);
  if (after.whole && after.madeAt !== undefined && after.madeAt !== madeAt) return;
  throw new Failure(
    "stack",
    `pulumi up was done, and the stack still has the old device of ${user}.`,
    `Look at what it would do: pulumi preview --stack ${choice.stack} --target-replace '${urn}'`,
  );
}

/** Other devices may have been on the same phone. */
async function others(aws: Aws, user: string, serial: string): Promise<string[]> {
  const rest = ((await enabledDevices(aws, user)) ?? []).filter((device) => device.serial !== serial);
  return rest.map(
    (device) =>
      `${user} has ${device.serial} too. If it is lost as well: ` +
      `aws iam deactivate-mfa-device --user-name ${user} --serial-number ${device.serial}`,
  );
}
