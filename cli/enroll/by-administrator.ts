import { connect } from "../aws/connect";
import { type Device, enabledDevices, virtualDevices } from "../aws/device";
import { assertAccount, callerIdentity } from "../aws/identity";
import { replacementTag } from "../aws/replacement-tag";
import { iamUser } from "../aws/user";
import { Failure } from "../failure";
import { handOver } from "../profile/hand-over";
import { chosenDevice, deviceOption } from "../stack/choose-device";
import { deviceSeed, stackOutputs, type UserDevice, userOf } from "../stack/outputs";
import type { StackChoice } from "../stack/project";
import { type Enrollment, type EnrollOptions, enroll, sayEnabled } from "./enroll";

/**
 * Turns on a device that the stack made for a user, for an administrator who has the stack and the user's phone at hand.
 * Nothing is changed where it is on already. Interrupted, it can be started again: the seed is the stack's.
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
  const enabledAs = ({ serial }: UserDevice) => enabled.find((device) => device.serial === serial);
  const waiting = devices.filter((device) => enabledAs(device) === undefined);
  const device =
    how.device === undefined && waiting.length === 0
      ? undefined
      : await chosenDevice(user, devices, how.device, waiting);
  const already = (device ? [device] : devices).flatMap((each) => enabledAs(each) ?? []);
  if (device === undefined || already.length > 0) {
    for (const each of already) sayEnabled(each, "already");
    process.stdout.write(handOver(choice, user, found));
    return;
  }
  const { serial } = device;
  if ((await iamUser(aws, user))?.tags[replacementTag(device)] !== undefined) {
    throw new Failure(
      "stack",
      `The device ${serial} is being replaced, and this may still be the lost one.`,
      `Resume the replacement: aws-mfa replace ${user} --stack ${choice.stack}${deviceOption(devices, device)}`,
    );
  }
  assertFree(await virtualDevices(aws), serial, user, choice);
  const enrolment: Enrollment = { user, serial, seed: await deviceSeed(choice, outputs, device) };
  sayEnabled(await enroll(aws, enrolment, how), "now");
  process.stdout.write(handOver(choice, user, found));
}

function assertFree(devices: readonly Device[], serial: string, user: string, { stack }: StackChoice): void {
  const device = devices.find((each) => each.serial === serial);
  if (device === undefined) {
    throw new Failure(
      "stack",
      `The stack's device for ${user}, ${serial}, no longer exists.`,
      `Let the stack create a new one: pulumi refresh --stack ${stack}, then pulumi up.`,
    );
  }
  if (device.user !== undefined && device.user !== user) {
    throw new Failure(
      "failed",
      `The device ${serial} is assigned to ${device.user}, not to ${user}.`,
      `Deactivate it there first: aws iam deactivate-mfa-device --user-name ${device.user} --serial-number ${serial}`,
    );
  }
}
