import { connect } from "../aws/connect";
import { assertAssignable, enabledDevices, virtualDevices } from "../aws/device";
import { assertAccount, callerIdentity } from "../aws/identity";
import { replacementTag } from "../aws/replacement-tag";
import { iamUser } from "../aws/user";
import { Failure } from "../failure";
import { handOver } from "../profile/hand-over";
import { chosenDevice, deviceOption } from "../stack/choose-device";
import { deviceSeed, stackOutputs, type UserDevice, userOf } from "../stack/outputs";
import type { StackChoice } from "../stack/project";
import { type EnrollOptions, enroll, sayAlreadyEnabled } from "./enroll";

/**
 * Enables a device that the stack created for a user. The administrator has the stack and the user's phone at hand. Changes nothing if
 * the device is already enabled. An interrupted run can be repeated: the seed is the stack's.
 */
export async function enrollByAdministrator(
  user: string,
  choice: StackChoice,
  how: EnrollOptions & { readonly device: string | undefined },
): Promise<void> {
  const outputs = await stackOutputs(choice);
  const found = userOf(choice, outputs, user);
  const { devices } = found;
  using aws = await connect({ profile: how.profile });
  assertAccount(await callerIdentity(aws), found.mfaSerial);
  const enabled = await enabledDevices(aws, user);
  if (enabled === undefined) {
    throw new Failure("stack", `AWS has no user ${user}.`, "Run pulumi up, then this again.");
  }
  const enabledAs = ({ serial }: UserDevice) => enabled.filter((device) => device.serial === serial);
  const waiting = devices.filter((device) => enabledAs(device).length === 0);
  const device =
    how.device === undefined && waiting.length === 0
      ? undefined
      : await chosenDevice(user, devices, how.device, waiting);
  if (device === undefined || !waiting.includes(device)) {
    for (const each of (device ? [device] : devices).flatMap(enabledAs)) sayAlreadyEnabled(each);
  } else {
    const { serial } = device;
    const option = deviceOption(devices, device);
    if ((await iamUser(aws, user))?.tags[replacementTag(device)] !== undefined) {
      throw new Failure(
        "stack",
        `The device ${serial} is being replaced, and this may still be the lost one.`,
        `Resume the replacement: aws-mfa replace ${user} --stack ${choice.stack}${option}`,
      );
    }
    const inAws = (await virtualDevices(aws)).find((each) => each.serial === serial);
    if (inAws === undefined) {
      throw new Failure(
        "stack",
        `The stack's device for ${user}, ${serial}, no longer exists.`,
        `Let the stack create a new one: pulumi refresh --stack ${choice.stack}, then pulumi up.`,
      );
    }
    assertAssignable(inAws, user);
    await enroll(aws, { user, serial, seed: await deviceSeed(choice, outputs, device) }, how);
  }
  process.stdout.write(handOver(choice, user, found));
}
