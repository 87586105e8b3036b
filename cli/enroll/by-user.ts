import { CreateVirtualMFADeviceCommand, DeleteVirtualMFADeviceCommand } from "@aws-sdk/client-iam";
import { codePrompt } from "../aws/code-prompt";
import { type Aws, connect } from "../aws/connect";
import { codeCommandOf } from "../aws/credentials";
import {
  type Device,
  enabledDevices,
  givesCodes,
  INSTEAD_OF_SECURITY_KEY,
  virtualDevices,
} from "../aws/device";
import { attempt, explain, failureOf } from "../aws/explain";
import { callerIdentity, ownDevice } from "../aws/identity";
import { assertUser } from "../aws/key-owner";
import { SHORTEST_SESSION, sessionWithCode } from "../aws/session-token";
import { EXIT, Failure, Interrupted } from "../failure";
import { interruptible, toldIfEnded } from "../interruption";
import { askYes } from "../terminal/ask";
import { withTerminal } from "../terminal/terminal";
import {
  assertCanAsk,
  EnabledMeanwhile,
  type Enrollment,
  type EnrollOptions,
  enroll,
  INSTEAD,
  sayEnabled,
} from "./enroll";
import { type PendingEnrollment, pendingEnrollment } from "./pending";

/**
 * Turns on a user's own device with the keys that they have: the one that was made for them, whose QR code they got from
 * their administrator, or where their policy lets them one that they make now. A further one takes a code of one that is on.
 *
 * @param how `device`: the name of a further device
 */
export async function enrollSelf(
  how: EnrollOptions & { readonly device?: string | undefined },
): Promise<void> {
  using aws = await connect({ profile: how.profile });
  const identity = await callerIdentity(aws);
  const { user } = assertUser(identity, "Use the profile with your own access keys: --profile NAME");
  const enabled = (await enabledDevices(aws, user)) ?? [];
  const inUse = enabled.find(givesCodes);
  const asked = ownDevice(identity, user, how.device);
  const already = how.device === undefined ? inUse : enabled.find(({ serial }) => serial === asked);
  const begun = await pendingEnrollment(identity.account, how.device ? `${user}/${how.device}` : user);
  if (already) {
    sayEnabled(already, "already");
  } else {
    const work = async (by: Aws) => {
      const enrolment = await toEnroll(by, asked, user, begun, how);
      sayEnabled(await toTheEnd(enrolment, () => enroll(by, enrolment, how)), "now");
    };
    await (enabled.length > 0 ? withMfa(aws, how.profile, inUse, work) : work(aws));
  }
  await begun.forget();
}

/**
 * AWS enables a further device for a session with MFA alone.
 * https://aws.amazon.com/security/security-bulletins/AWS-2023-001/
 */
async function withMfa(
  aws: Aws,
  profile: string | undefined,
  inUse: Device | undefined,
  work: (aws: Aws) => Promise<void>,
): Promise<void> {
  const { sessionToken } = await attempt("get your credentials", () => aws.sts.config.credentials());
  // A session already: where it has no MFA, AWS says so.
  if (sessionToken !== undefined) return work(aws);
  if (inUse === undefined) {
    throw new Failure(
      "refused",
      "The only MFA device that you have enabled is a security key.",
      INSTEAD_OF_SECURITY_KEY,
    );
  }
  process.stderr.write("AWS enables another device only with a code of one that is enabled.\n");
  const asking = codePrompt({
    command: await codeCommandOf(profile ?? (process.env.AWS_PROFILE || "default")),
    instead: "Run this in a terminal, to enter a code of the device that is enabled. Nothing was changed.",
  });
  const credentials = await sessionWithCode(aws, inUse.serial, asking, SHORTEST_SESSION);
  using session = await connect({ profile, credentials });
  await work(session);
}

/** A device that bears the user's name, as the stack's do. */
async function toEnroll(
  aws: Aws,
  serial: string,
  user: string,
  begun: PendingEnrollment,
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
    // Whoever pipes codes in has an app that makes them.
    const canBeLost = !how.codes && (await begun.isLeft());
    if (!canBeLost) process.stderr.write(waiting(serial));
    if (!canBeLost || (await hasQrCode(serial))) return { user, serial, seed: undefined };
  }
  await assertCanBeScanned(serial, how);
  if (device) await deleteLost(aws, user, serial);
  return made(aws, user, serial, begun);
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

/** AWS deletes no device that is assigned. Members of the stack's group may delete none; other users' policies may let them. */
async function deleteLost({ iam }: Aws, user: string, serial: string): Promise<void> {
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

/** A device that is made without its QR code being scanned is in the user's way: only an administrator can delete it. */
async function assertCanBeScanned(serial: string, how: EnrollOptions): Promise<void> {
  if (how.codes) {
    throw new Failure(
      "usage",
      `The device ${serial} does not exist yet, and --codes does not show the QR code of a new one.`,
      "Run this in a terminal and without --codes. Nothing was changed.",
    );
  }
  await assertCanAsk(serial, how);
}

async function made(
  { iam }: Aws,
  user: string,
  asked: string,
  begun: PendingEnrollment,
): Promise<Enrollment> {
  const unknown = `AWS was asked to create the device ${asked}, but its answer did not arrive. Run the same command again to continue.`;
  const make = new CreateVirtualMFADeviceCommand(namesOf(asked));
  await begun.remember();
  try {
    const { VirtualMFADevice } = await toldIfEnded(
      () => unknown,
      () =>
        interruptible((abort) => {
          abort.addEventListener("abort", () => process.stderr.write(HELD));
          return iam.send(make);
        }),
    );
    // Whoever pressed Ctrl-C meanwhile is asked for the codes all the same.
    process.exitCode = EXIT.done;
    const { SerialNumber: serial = "", Base32StringSeed = new Uint8Array() } = VirtualMFADevice ?? {};
    return { user, serial, seed: new TextDecoder().decode(Base32StringSeed) };
  } catch (error) {
    const { exit, code } = explain(error);
    const failure = failureOf("create a device", error);
    if (exit !== "refused") throw withState(failure, unknown);
    await begun.forget();
    if (!code.startsWith("AccessDenied")) throw failure;
    throw new Failure(
      "refused",
      "No device was created for you, and your policy does not allow you to create one (selfServiceDevices is not true).",
      "Ask your administrator to add you to the stack's users, and to run aws-mfa enroll with you.",
    );
  }
}

/** `mfa/alice` has a name alone, `mfa/alice/backup` a path too. */
function namesOf(serial: string) {
  const [, path, name] = /:mfa(\/(?:.*\/)?)([^/]+)$/.exec(serial) ?? [];
  return { VirtualMFADeviceName: name, ...(path !== "/" && { Path: path }) };
}

const HELD =
  "\nAWS is creating the device and shows its QR code only once. Waiting for its answer; press Ctrl-C again to stop anyway.\n";

/** The seed of a device that was made here is gone with this process, so whatever ends it says what is left. */
async function toTheEnd<T>({ serial, seed }: Enrollment, work: () => Promise<T>): Promise<T> {
  if (seed === undefined) return work();
  const state =
    `The device ${serial} was created, but AWS has not confirmed that it is enabled. Its QR code cannot be shown again. ` +
    "Run the same command again: it asks for two codes if you scanned it, and explains what to do if you did not.";
  try {
    return await toldIfEnded(() => state, work);
  } catch (error) {
    if (!(error instanceof Failure)) {
      process.stderr.write(`${state}\n`);
      throw error;
    }
    if (error instanceof EnabledMeanwhile) throw error;
    throw error instanceof Interrupted ? new Interrupted(state) : withState(error, state);
  }
}

function withState({ exit, problem, remedy, detail }: Failure, state: string): Failure {
  return new Failure(exit, problem, `${remedy}\n${state}`, detail);
}
