import { codePrompt } from "../aws/code-prompt";
import { type Aws, connect } from "../aws/connect";
import { codeCommandOf } from "../aws/credentials";
import { type Device, enabledDevices, givesCodes, INSTEAD_OF_SECURITY_KEY } from "../aws/device";
import { attempt } from "../aws/explain";
import { callerIdentity, ownDevice } from "../aws/identity";
import { assertUser } from "../aws/key-owner";
import { SHORTEST_SESSION, sessionWithCode } from "../aws/session-token";
import { Failure, withState } from "../failure";
import { toldIfEnded } from "../interruption";
import { EnabledMeanwhile, type Enrollment, type EnrollOptions, enroll, sayAlreadyEnabled } from "./enroll";
import { deviceToEnroll } from "./own-device";
import { pendingEnrollment } from "./pending";

/**
 * Enables a user's own device with their own access keys: the one that was created for them, whose QR code an administrator gave them,
 * or, if their policy allows it, one that is created now. Enabling a further device requires a code of one that is enabled.
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
  const serial = ownDevice(identity, user, how.device);
  const already = how.device === undefined ? inUse : enabled.find((device) => device.serial === serial);
  const pending = await pendingEnrollment(identity.account, how.device ? `${user}/${how.device}` : user);
  if (already) {
    sayAlreadyEnabled(already);
  } else {
    const work = async (by: Aws) => {
      const enrollment = await deviceToEnroll(by, user, serial, pending, how);
      await tellingWhatIsLeft(enrollment, () => enroll(by, enrollment, how));
    };
    await (enabled.length > 0 ? withMfa(aws, how.profile, inUse, work) : work(aws));
  }
  await pending.forget();
}

/**
 * AWS enables a further device only for a session with MFA.
 * https://aws.amazon.com/security/security-bulletins/AWS-2023-001/
 */
async function withMfa(
  aws: Aws,
  profile: string | undefined,
  inUse: Device | undefined,
  work: (aws: Aws) => Promise<void>,
): Promise<void> {
  const { sessionToken } = await attempt("get your credentials", () => aws.sts.config.credentials());
  // A session already. If it has no MFA, AWS says so.
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

/** The seed of a device that this process created is lost when it ends, so whatever ends it says what is left. */
async function tellingWhatIsLeft({ serial, seed }: Enrollment, work: () => Promise<void>): Promise<void> {
  if (seed === undefined) return work();
  const state =
    `The device ${serial} was created, but AWS has not confirmed that it is enabled. Its QR code cannot be shown again. ` +
    "Run the same command again: it asks for two codes if you scanned it, and explains what to do if you did not.";
  try {
    await toldIfEnded(() => state, work);
  } catch (error) {
    if (!(error instanceof Failure)) process.stderr.write(`${state}\n`);
    throw error instanceof EnabledMeanwhile ? error : withState(error, state);
  }
}
