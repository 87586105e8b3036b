import { CreateVirtualMFADeviceCommand, DeleteVirtualMFADeviceCommand } from "@aws-sdk/client-iam";
import type { Aws } from "../aws/connect";
import { virtualDevices } from "../aws/device";
import { explain, failureOf } from "../aws/explain";
import { EXIT, Failure, withState } from "../failure";
import { interruptible, toldIfEnded } from "../interruption";
import { askYes } from "../terminal/ask";
import { withTerminal } from "../terminal/terminal";
import { assertCanAsk, type Enrollment, type EnrollOptions, INSTEAD } from "./enroll";
import type { PendingEnrollment } from "./pending";

/**
 * The user's own device, which bears their name as the stack's do: the one that exists, or one that is created now. One whose QR code
 * an interrupted run lost is replaced, if the user may delete it.
 *
 * @throws Failure before anything is created if the user could not be shown its QR code
 */
export async function deviceToEnroll(
  aws: Aws,
  user: string,
  serial: string,
  pending: PendingEnrollment,
  how: EnrollOptions,
): Promise<Enrollment> {
  const device = (await virtualDevices(aws)).find((each) => each.serial === serial);
  if (device?.user !== undefined) {
    throw new Failure(
      "failed",
      `The device ${serial} is assigned to ${device.user}.`,
      "Ask an administrator to deactivate it.",
    );
  }
  if (device) {
    // Codes on standard input come from an app that has scanned the QR code.
    const mayBeLost = !how.codes && (await pending.isLeft());
    if (!mayBeLost) process.stderr.write(waiting(serial));
    if (!mayBeLost || (await hasQrCode(serial))) return { user, serial, seed: undefined };
  }
  // Only an administrator may be able to delete a device whose QR code nobody scanned.
  if (how.codes) {
    throw new Failure(
      "usage",
      `The device ${serial} does not exist yet, and --codes does not show the QR code of a new one.`,
      "Run this in a terminal and without --codes. Nothing was changed.",
    );
  }
  await assertCanAsk(serial, how);
  if (device) await deleteDevice(aws, user, serial);
  return createDevice(aws, user, serial, pending);
}

const waiting = (serial: string) =>
  `The device ${serial} exists but is not enabled.\n` +
  "AWS shows a QR code only once: scan the one you were given. " +
  "If you have none, or AWS does not allow you to enable it (selfServiceDevices: false), ask your administrator to run aws-mfa enroll or aws-mfa replace.\n" +
  "Until a device is enabled, anyone with your access keys can enable a token of their own, unless selfServiceDevices is false.\n";

function hasQrCode(serial: string): Promise<boolean> {
  process.stderr.write(
    `An earlier aws-mfa enroll --self was stopped while it created the device ${serial}. ` +
      "The device exists but is not enabled. AWS does not show its QR code again.\n",
  );
  return withTerminal(`${INSTEAD} Nothing was changed.`, (terminal) =>
    askYes(terminal, "Do you have the QR code, in your app or from an administrator?"),
  );
}

/** AWS deletes no assigned device. Members of the stack's group may delete none; other users' policies may allow it. */
async function deleteDevice({ iam }: Aws, user: string, serial: string): Promise<void> {
  try {
    await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: serial }));
  } catch (error) {
    const { exit, code } = explain(error);
    if (code === "NoSuchEntity") return;
    if (exit !== "refused") throw failureOf("delete the device", error);
    throw new Failure(
      "refused",
      `The seed of the device ${serial} is lost, and AWS does not allow you to delete the device.`,
      `Ask an administrator to run: aws-mfa replace ${user} --stack NAME\n` +
        `If you are not a user of a stack, ask for this instead, and run the command again: aws iam delete-virtual-mfa-device --serial-number ${serial}`,
    );
  }
}

const HELD =
  "\nAWS is creating the device and shows its QR code only once. Waiting for its answer; press Ctrl-C again to stop anyway.\n";

async function createDevice(
  { iam }: Aws,
  user: string,
  requested: string,
  pending: PendingEnrollment,
): Promise<Enrollment> {
  const unknown = `AWS was asked to create the device ${requested}, but its answer did not arrive. Run the same command again to continue.`;
  const create = new CreateVirtualMFADeviceCommand(namesOf(requested));
  await pending.remember();
  try {
    const { VirtualMFADevice } = await toldIfEnded(
      () => unknown,
      () =>
        interruptible((abort) => {
          abort.addEventListener("abort", () => process.stderr.write(HELD));
          return iam.send(create);
        }),
    );
    // Ctrl-C during the call does not skip the codes.
    process.exitCode = EXIT.done;
    const { SerialNumber: serial = "", Base32StringSeed = new Uint8Array() } = VirtualMFADevice ?? {};
    return { user, serial, seed: new TextDecoder().decode(Base32StringSeed) };
  } catch (error) {
    const { exit, code } = explain(error);
    const failure = failureOf("create a device", error);
    if (exit !== "refused") throw withState(failure, unknown);
    await pending.forget();
    if (!code.startsWith("AccessDenied")) throw failure;
    throw new Failure(
      "refused",
      "No device was created for you, and your policy does not allow you to create one (selfServiceDevices is not true).",
      "Ask your administrator to add you to the stack's users, and to run aws-mfa enroll with you.",
    );
  }
}

/** `mfa/alice` has only a name, `mfa/alice/backup` also a path. */
function namesOf(serial: string) {
  const [, path, name] = /:mfa(\/(?:.*\/)?)([^/]+)$/.exec(serial) ?? [];
  return { VirtualMFADeviceName: name, ...(path !== "/" && { Path: path }) };
}
