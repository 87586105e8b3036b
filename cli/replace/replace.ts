import { deactivateDeviceCommand } from "../aws/cli-command";
import { type Aws, connect } from "../aws/connect";
import { assertAssignable, deviceText, enabledDevices, givesCodes, virtualDevices } from "../aws/device";
import { assertAccount, callerIdentity, ownDevice } from "../aws/identity";
import { isNew, replacementTag, tagReplacement, untagReplacement } from "../aws/replacement-tag";
import { deactivateDevice, deleteDevice } from "../aws/revoke";
import { iamUser } from "../aws/user";
import { assertCanAsk, type EnrollOptions, enroll } from "../enroll/enroll";
import { Failure, Interrupted, withState } from "../failure";
import { carryOut, type Step } from "../plan/plan";
import { withUserLock } from "../plan/user-lock";
import { chosenDevice, deviceOption } from "../stack/choose-device";
import { stackDevice } from "../stack/device";
import { deviceSeed, stackOutputs, type UserDevice, userOf } from "../stack/outputs";
import type { StackChoice } from "../stack/project";
import { withNotice } from "../terminal/progress";
import { localDay } from "../terminal/time";
import { assertRenewable, renew } from "./renewal";

interface ReplaceOptions extends EnrollOptions {
  /** The device's name. By default the only one, or the one whose replacement was begun. */
  readonly device: string | undefined;
  /** Leaves the codes to another run. */
  readonly prepare: boolean;
  readonly yes: boolean;
}

/** Which device of which user is replaced, and how. */
interface Replacement {
  readonly aws: Aws;
  readonly user: string;
  readonly choice: StackChoice;
  /** All that the user has in the stack. */
  readonly devices: readonly UserDevice[];
  readonly device: UserDevice;
  readonly how: ReplaceOptions;
}

/**
 * Replaces the MFA device of a user who lost their phone: deactivates it, lets the stack create a new one with a new seed, and enrolls
 * that. Shows the plan and asks first. Before the old device is deactivated, this checks that the stack can create a new one.
 *
 * @throws Failure if a step fails; another run resumes there
 */
export async function replace(user: string, choice: StackChoice, how: ReplaceOptions): Promise<void> {
  using aws = await connect({ profile: how.profile });
  const identity = await callerIdentity(aws);
  const outputs = await stackOutputs(choice).catch(async (error) => {
    const enabled = (await enabledDevices(aws, user).catch(() => undefined)) ?? [];
    const serials = enabled.filter(givesCodes).map(({ serial }) => serial);
    throw withOldDevice(error, user, serials.length > 0 ? serials : [ownDevice(identity, user)]);
  });
  const { mfaSerial, devices } = userOf(choice, outputs, user);
  assertAccount(identity, mfaSerial);
  const tags = (await iamUser(aws, user))?.tags ?? {};
  const begun = devices.filter((device) => replacementTag(device) in tags);
  const device = await chosenDevice(user, devices, how.device, begun.length > 0 ? begun : devices);
  await withUserLock(identity.account, user, () =>
    replaceDevice({ aws, user, choice, devices, device, how }),
  );
}

async function replaceDevice(replacement: Replacement): Promise<void> {
  const { aws, user, choice, devices, device, how } = replacement;
  const { steps, isRenewed, isFinished } = await stepsOf(replacement);
  const option = deviceOption(devices, device);
  const again = `aws-mfa replace ${user} --stack ${choice.stack}${option}`;
  const of = option === "" ? `of ${user}` : `${device.name} of ${user}`;
  if (!isFinished && !how.prepare) {
    if (how.codes && !isRenewed) {
      throw new Failure(
        "usage",
        "The new device does not exist yet, so it has no codes.",
        `Nothing was changed. Create it: ${again} --prepare. Then give its codes to: ${again} --codes`,
      );
    }
    // Checked while the old device still works.
    await assertCanAsk(device.serial, how);
  }
  const plan = how.prepare
    ? { title: `Prepare a new device ${option === "" ? `for ${user}` : of}`, steps: steps.slice(0, 2) }
    : { title: `Replace the device ${of}`, steps };
  await carryOut(plan, how.yes);
  if (isFinished) {
    await untagReplacement(aws, user, replacementTag(device));
    process.stdout.write(
      "The new device is already enabled. If it is lost too, run the same command again.\n",
    );
  } else if (how.prepare) {
    process.stdout.write(`Next, enter the codes of the new device: ${again}\n`);
    return;
  }
  const notes = `The profile does not change. ${(await otherDevices(replacement)).join("\n")}`;
  process.stdout.write(`${notes.trimEnd()}\n`);
}

/** The failure before anything is changed, which also says how to deactivate the old device without the stack. */
function withOldDevice(error: unknown, user: string, serials: readonly string[]): unknown {
  if (error instanceof Interrupted) return error;
  const commands = serials.map((serial) => deactivateDeviceCommand(user, serial)).join("\nor: ");
  return withState(
    error,
    `The old device still works. If the phone may be stolen, deactivate it now: ${commands}`,
  );
}

async function stepsOf({ aws, user, choice, device, how }: Replacement) {
  const { serial } = device;
  const tag = replacementTag(device);
  const [known, virtual, inStack] = await Promise.all([
    iamUser(aws, user),
    virtualDevices(aws),
    stackDevice(choice, device),
  ]);
  if (known === undefined) {
    throw new Failure("stack", `AWS has no user ${user}.`, "Run pulumi up --refresh, then this again.");
  }
  const inAws = virtual.find((each) => each.serial === serial);
  if (inAws) assertAssignable(inAws, user);
  const isEnabled = inAws?.user !== undefined;
  const isRenewed =
    inAws !== undefined && inStack.whole && isNew(inStack.madeAt, known.tags[tag], aws.clock.now());
  /** Whether the new device is enabled: an earlier run read the last code, and did not remove the tag. */
  const isFinished = isRenewed && isEnabled;
  const isOldEnabled = isEnabled && !isFinished;
  const since = isOldEnabled && inAws.enabledAt ? `, enabled since ${localDay(inAws.enabledAt)}` : "";
  const begin = () => tagReplacement(aws, user, inStack.madeAt ?? "none", tag);
  const steps: readonly Step[] = [
    {
      what: `Deactivate ${serial}${since}: its codes stop working`,
      done: !isOldEnabled,
      run: async () => {
        await withNotice("Checking that the stack can create a new device", () =>
          assertRenewable(choice, inStack, device, how.profile),
        ).catch((error) => {
          throw withOldDevice(error, user, [serial]);
        });
        await begin();
        await deactivateDevice(aws, user, serial);
      },
    },
    {
      what: "Let the stack create a new one with a new seed (pulumi up, device only)",
      done: isRenewed,
      run: async () => {
        await begin();
        await withNotice("pulumi up creates the new device", async () => {
          // A run that was killed created it, and did not record it in the state. pulumi up would fail because it exists.
          if (inStack.madeAt === undefined && inAws) await deleteDevice(aws, serial);
          await renew(choice, inStack, device, how.profile);
        });
      },
    },
    {
      what: "Enroll it: scan the new QR code and enter two consecutive codes",
      done: isFinished,
      run: async () => {
        const seed = await deviceSeed(choice, await stackOutputs(choice), device);
        await enroll(aws, { user, serial, seed }, how);
        await untagReplacement(aws, user, tag);
      },
    },
  ];
  return { steps, isRenewed, isFinished };
}

/** The user's other enabled devices, which may have been on the same phone. */
async function otherDevices({ aws, user, choice, devices, device }: Replacement): Promise<string[]> {
  const others = ((await enabledDevices(aws, user)) ?? []).filter(({ serial }) => serial !== device.serial);
  return others.map((other) => {
    const inStack = devices.find(({ serial }) => serial === other.serial);
    const remedy = inStack
      ? `aws-mfa replace ${user} --stack ${choice.stack} --device ${inStack.name}`
      : deactivateDeviceCommand(user, other.serial);
    return `${user} has ${deviceText(other)} too. If it is lost as well: ${remedy}`;
  });
}
