import { type Aws, connect } from "../aws/connect";
import { type Device, deviceText, enabledDevices, givesCodes, virtualDevices } from "../aws/device";
import { assertAccount, callerIdentity } from "../aws/identity";
import { isNew, replacementTag, tagReplacement, untagReplacement } from "../aws/replacement-tag";
import { deactivateDevice, deleteDevice } from "../aws/revoke";
import { iamUser } from "../aws/user";
import { assertCanAsk, type EnrollOptions, enroll, sayEnabled } from "../enroll/enroll";
import { Failure, Interrupted } from "../failure";
import { carryOut } from "../plan/carry-out";
import type { Step } from "../plan/plan";
import { withUserLock } from "../plan/user-lock";
import { assertWritable, planned, up } from "../stack/change";
import { chosenDevice, deviceOption } from "../stack/choose-device";
import { DEVICE, REMOVAL, type StackDevice, stackDevice } from "../stack/device";
import { deviceSeed, stackOutputs, type UserDevice, userOf } from "../stack/outputs";
import type { StackChoice } from "../stack/project";
import { withNotice } from "../terminal/progress";
import { localDay } from "../terminal/time";

/** What AWS and the stack say of the device now. */
interface Found {
  readonly wanted: UserDevice;
  /** As AWS has it; `undefined` where it has none of that name. */
  readonly device: Device | undefined;
  readonly inStack: StackDevice;
  /** The mark of a replacement that was begun. */
  readonly marked: string | undefined;
  readonly now: number;
}

interface Replacing extends EnrollOptions {
  /** The name of the device; the only one, or the one whose replacement was begun, where there is none. */
  readonly device: string | undefined;
  /** Leaves the codes to another run. */
  readonly prepare: boolean;
  readonly yes: boolean;
}

/**
 * Replaces a device of a user whose phone is lost: off, a new one with a new seed through the stack, and enrolled. The plan
 * is shown and agreed to first. Whether the stack can make a new one is proven before the old one is off.
 *
 * @throws Failure where it could not be done to the end; run again, it goes on
 */
export async function replace(user: string, choice: StackChoice, how: Replacing): Promise<void> {
  using aws = await connect({ profile: how.profile });
  const identity = await callerIdentity(aws);
  // Known without the stack, which may not be readable.
  const own = `${identity.arn.split(":").slice(0, 2).join(":")}:iam::${identity.account}:mfa/${user}`;
  const outputs = await stackOutputs(choice).catch(async (error) => {
    const enabled = ((await enabledDevices(aws, user).catch(() => [])) ?? []).filter(givesCodes);
    const serials = enabled.map(({ serial }) => serial);
    return withOldDeviceOn(user, ...(serials.length > 0 ? serials : [own]))(error);
  });
  const { mfaSerial, devices } = userOf(choice, outputs, user);
  assertAccount(identity, mfaSerial);
  const tags = (await iamUser(aws, user))?.tags ?? {};
  const begun = devices.filter((device) => replacementTag(device) in tags);
  const device = await chosenDevice(user, devices, how.device, begun.length > 0 ? begun : devices);
  await withUserLock(identity.account, user, () => inTurn(aws, user, device, devices, choice, how));
}

async function inTurn(
  aws: Aws,
  user: string,
  wanted: UserDevice,
  devices: readonly UserDevice[],
  choice: StackChoice,
  how: Replacing,
) {
  const { serial } = wanted;
  const found = await lookAround(aws, user, wanted, choice);
  const progress = progressOf(found);
  const steps = stepsFor(aws, user, choice, found, progress, how);
  const option = deviceOption(devices, wanted);
  const again = `aws-mfa replace ${user} --stack ${choice.stack}${option}`;
  const of = option === "" ? `of ${user}` : `${wanted.name} of ${user}`;
  if (!progress.finished && !how.prepare) {
    if (how.codes && !progress.renewed) {
      throw new Failure(
        "usage",
        "The new device does not exist yet, so it has no codes.",
        `Nothing was changed. Create it: ${again} --prepare. Then give its codes to: ${again} --codes`,
      );
    }
    // Better now than after the old device is gone.
    await assertCanAsk(serial, how);
  }
  await carryOut(
    how.prepare
      ? {
          aim: option === "" ? `Prepare a new device for ${user}` : `Prepare a new device ${of}`,
          steps: steps.slice(0, 2),
        }
      : { aim: `Replace the device ${of}`, steps },
    how.yes,
  );
  if (progress.finished) {
    await untagReplacement(aws, user, replacementTag(wanted));
    process.stdout.write(
      "The new device is already enabled. If it is lost too, run the same command again.\n",
    );
  } else if (how.prepare) {
    process.stdout.write(`Next, enter the codes of the new device: ${again}\n`);
    return;
  }
  process.stdout.write(
    `The profile does not change. ${(await others(aws, user, wanted, devices, choice)).join("\n")}`
      .trimEnd()
      .concat("\n"),
  );
}

/** Says of what failed before anything was changed that the old device still works, and how to turn it off without the stack. */
function withOldDeviceOn(user: string, ...serials: readonly string[]): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof Failure) || error instanceof Interrupted) throw error;
    const off = serials.map(
      (serial) => `aws iam deactivate-mfa-device --user-name ${user} --serial-number ${serial}`,
    );
    throw new Failure(
      error.exit,
      error.problem,
      `${error.remedy}\nThe old device still works. If the phone may be stolen, deactivate it now: ${off.join("\nor: ")}`,
      error.detail,
    );
  };
}

async function lookAround(aws: Aws, user: string, wanted: UserDevice, choice: StackChoice): Promise<Found> {
  const { serial } = wanted;
  const [known, devices, inStack] = await Promise.all([
    iamUser(aws, user),
    virtualDevices(aws),
    stackDevice(choice, wanted),
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
  return { wanted, device, inStack, marked: known.tags[replacementTag(wanted)], now: aws.clock.now() };
}

interface Progress {
  /** The old device is on. */
  readonly enabled: boolean;
  /** The stack has made the new one. */
  readonly renewed: boolean;
  /** The new one is on: a run came as far as the last code, and not to the mark. */
  readonly finished: boolean;
}

function progressOf({ device, inStack, marked, now }: Found): Progress {
  const renewed = device !== undefined && inStack.whole && isNew(inStack.madeAt, marked, now);
  const finished = renewed && device.user !== undefined;
  return { renewed, finished, enabled: device?.user !== undefined && !finished };
}

function stepsFor(
  aws: Aws,
  user: string,
  choice: StackChoice,
  found: Found,
  { enabled, renewed, finished }: Progress,
  how: EnrollOptions,
): Step[] {
  const { wanted, device, inStack } = found;
  const { serial } = wanted;
  const since = device?.enabledAt ? `, enabled since ${localDay(device.enabledAt)}` : "";
  const begin = () => tagReplacement(aws, user, inStack.madeAt ?? "none", replacementTag(wanted));
  return [
    {
      what: `Deactivate ${serial}${enabled ? since : ""}: its codes stop working`,
      done: !enabled,
      run: async () => {
        await withNotice("Checking that the stack can create a new device", () =>
          assertRenewable(choice, inStack, user, wanted, how.profile),
        ).catch(withOldDeviceOn(user, serial));
        await begin();
        await deactivateDevice(aws, user, serial);
      },
    },
    {
      what: "Let the stack create a new one with a new seed (pulumi up, device only)",
      done: renewed,
      run: async () => {
        await begin();
        await withNotice("pulumi up creates the new device", () => renew(aws, choice, found, how.profile));
      },
    },
    {
      what: "Enroll it: scan the new QR code and enter two consecutive codes",
      done: finished,
      run: async () => {
        const seed = await deviceSeed(choice, await stackOutputs(choice), wanted);
        const assigned = await enroll(aws, { user, serial, seed }, how);
        await untagReplacement(aws, user, replacementTag(wanted));
        sayEnabled(assigned, "now");
      },
    },
  ];
}

const MADE_NEW = ["create", "replace", "create-replacement"];

/**
 * A preview proves that the program runs and that the update changes the device alone; a refresh of nothing, that the stack is not
 * locked and that its state can be written.
 *
 * @throws Failure (`stack`, `busy`) with what stands in the way
 */
async function assertRenewable(
  choice: StackChoice,
  device: StackDevice,
  user: string,
  { id }: UserDevice,
  profile: string | undefined,
): Promise<void> {
  const steps = await planned(choice, renewal(device), profile);
  const inspect = `Check what it would do, and run pulumi up first: pulumi preview --stack ${choice.stack}`;
  if (!steps.some(({ op, urn }) => urn === device.urn && MADE_NEW.includes(op))) {
    throw new Failure(
      "stack",
      `pulumi up would not create a new device for ${id}: the program has none.`,
      inspect,
    );
  }
  // What belongs to the same user stands under the same component, as their other devices do, which are to stay. A provider of another
  // version changes nothing in AWS.
  const component = device.urn.slice(0, device.urn.lastIndexOf("$"));
  const isDevice = (urn: string) => [DEVICE, REMOVAL].some((type) => urn.includes(`$${type}::`));
  const belongs = (urn: string) =>
    urn.startsWith(`${component}$`) && urn.endsWith(`::${isDevice(urn) ? id : user}`);
  const more = steps.filter(
    ({ op, urn }) => !["same", "read"].includes(op) && !belongs(urn) && !urn.includes("::pulumi:providers:"),
  );
  if (more.length > 0) {
    const list = more.map(({ op, urn }) => `  ${op} ${urn}`).join("\n");
    throw new Failure("stack", `pulumi up would change more than the device of ${id}:\n${list}`, inspect);
  }
  await assertWritable(choice, device.root, profile);
}

function renewal({ urn, madeAt }: StackDevice): string[] {
  return [madeAt === undefined ? "--target" : "--target-replace", urn, "--target-dependents"];
}

async function renew(
  aws: Aws,
  choice: StackChoice,
  { wanted, device, inStack }: Found,
  profile: string | undefined,
): Promise<void> {
  const { urn, madeAt } = inStack;
  // Made in a run that was killed before it could write that down: the stack would stumble over it.
  if (madeAt === undefined && device !== undefined) await deleteDevice(aws, wanted.serial);
  await up(choice, renewal(inStack), profile);
  const after = await stackDevice(choice, wanted);
  if (after.whole && after.madeAt !== undefined && after.madeAt !== madeAt) return;
  throw new Failure(
    "stack",
    `pulumi up finished, but the stack still has the old device of ${wanted.id}.`,
    `Check what it would do: pulumi preview --stack ${choice.stack} --target-replace '${urn}'`,
  );
}

/** Other devices may have been on the same phone. */
async function others(
  aws: Aws,
  user: string,
  wanted: UserDevice,
  devices: readonly UserDevice[],
  choice: StackChoice,
): Promise<string[]> {
  const rest = ((await enabledDevices(aws, user)) ?? []).filter(({ serial }) => serial !== wanted.serial);
  return rest.map((device) => {
    const inStack = devices.find(({ serial }) => serial === device.serial);
    const remedy = inStack
      ? `aws-mfa replace ${user} --stack ${choice.stack} --device ${inStack.name}`
      : `aws iam deactivate-mfa-device --user-name ${user} --serial-number ${device.serial}`;
    return `${user} has ${deviceText(device)} too. If it is lost as well: ${remedy}`;
  });
}
