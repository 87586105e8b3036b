import { CreateVirtualMFADeviceCommand } from "@aws-sdk/client-iam";
import { type Aws, connect } from "../aws/connect";
import { enabledDevices, givesCodes, virtualDevices } from "../aws/device";
import { explain, failureOf } from "../aws/explain";
import { callerIdentity, type Identity } from "../aws/identity";
import { Failure, Interrupted } from "../failure";
import { toldIfEnded } from "../interruption";
import { assertCanAsk, type Enrolment, enrol, type How, sayEnabled } from "./enrol";

/**
 * Turns on a user's own device with the keys that they have: the one that was made for them, whose QR code they got from
 * their administrator, or where their policy lets them one that they make now.
 */
export async function enrolSelf(how: How): Promise<void> {
  const aws = await connect({ profile: how.profile });
  try {
    const identity = await callerIdentity(aws);
    const user = userOf(identity);
    const already = (await enabledDevices(aws, user))?.find(givesCodes);
    if (already) return sayEnabled(already, "already");
    const enrolment = await ownDevice(aws, identity, user, how);
    sayEnabled(await toTheEnd(enrolment, () => enrol(aws, enrolment, how)), "now");
  } finally {
    aws.close();
  }
}

function userOf({ arn, user }: Identity): string {
  if (user !== undefined) return user;
  throw new Failure(
    "credentials",
    `The credentials belong to ${arn}, which is not an IAM user.`,
    "Use the profile with your own access keys: --profile NAME",
  );
}

/** A device that bears the user's name, as the stack's do. */
async function ownDevice(aws: Aws, { arn, account }: Identity, user: string, how: How): Promise<Enrolment> {
  const serial = `${arn.split(":").slice(0, 3).join(":")}::${account}:mfa/${user}`;
  const device = (await virtualDevices(aws)).find((each) => each.serial === serial);
  if (device?.user !== undefined) {
    throw new Failure(
      "failed",
      `The device ${serial} is assigned to ${device.user}.`,
      "Ask an administrator to deactivate it there.",
    );
  }
  if (device) {
    process.stderr.write(
      `The device ${serial} is there and waits for its first codes.\n` +
        "AWS does not show its QR code again: scan the one that you were given. " +
        "If you have none, or AWS does not let you enable it (selfServiceDevices: false), ask your administrator for aws-mfa enroll or aws-mfa replace.\n" +
        "Until a device is enabled, whoever has your access keys could enable a token of their own, unless selfServiceDevices is false.\n",
    );
    return { user, serial, seed: undefined };
  }
  await assertCanBeScanned(serial, how);
  return made(aws, user);
}

/** A device that is made without its QR code being scanned is in the user's way: only an administrator can delete it. */
async function assertCanBeScanned(serial: string, how: How): Promise<void> {
  if (how.codes) {
    throw new Failure(
      "usage",
      `There is no device ${serial} yet, and with --codes nobody would see the QR code of a new one.`,
      "Run this in a terminal and without --codes. Nothing was changed.",
    );
  }
  await assertCanAsk(serial, how);
}

async function made({ iam }: Aws, user: string): Promise<Enrolment> {
  try {
    const { VirtualMFADevice } = await iam.send(
      new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: user }),
    );
    const { SerialNumber: serial = "", Base32StringSeed = new Uint8Array() } = VirtualMFADevice ?? {};
    return { user, serial, seed: new TextDecoder().decode(Base32StringSeed) };
  } catch (error) {
    if (explain(error).exit === "refused") {
      throw new Failure(
        "refused",
        "No device was made for you, and your policy does not let you make one (selfServiceDevices is not true).",
        "Ask your administrator to add you to the stack's users, and to run aws-mfa enroll with you.",
      );
    }
    throw failureOf("make a device", error);
  }
}

/** The seed of a device that was made here is gone with this process, so whatever ends it says what is left. */
async function toTheEnd<T>({ serial, seed }: Enrolment, work: () => Promise<T>): Promise<T> {
  if (seed === undefined) return work();
  const state =
    `The device ${serial} was made, and AWS has not confirmed that it is enabled. If you have scanned its QR code, run the same again and give ` +
    "two codes. If you have not, ask your administrator to delete it: its QR code cannot be shown again.";
  try {
    return await toldIfEnded(() => state, work);
  } catch (error) {
    if (!(error instanceof Failure)) {
      process.stderr.write(`${state}\n`);
      throw error;
    }
    throw error instanceof Interrupted
      ? new Interrupted(state)
      : new Failure(error.exit, error.problem, `${error.remedy}\n${state}`, error.detail);
  }
}
