import { rm } from "node:fs/promises";
import type { Aws } from "../aws/connect";
import { type Device, enableDevice, enabledDevices } from "../aws/device";
import { Failure, Interrupted } from "../failure";
import { withAlternateScreen } from "../terminal/alternate-screen";
import { style } from "../terminal/escape-controls";
import { readCodes } from "../terminal/read-code";
import { type Terminal, withTerminal } from "../terminal/terminal";
import { localTime } from "../terminal/time";
import { askCodes, type Codes } from "./ask-codes";
import { checkCodes, compareCodes, type Verdict } from "./codes";
import { beside, drawnFor, enrollmentUri, writePicture } from "./qr-code";

/** A device that is to be turned on, and for whom. */
export interface Enrollment {
  readonly user: string;
  readonly serial: string;
  /** A secret. Absent where it was given to the user before and cannot be had again. */
  readonly seed: string | undefined;
}

export interface EnrollOptions {
  readonly profile?: string | undefined;
  /** Where to write the QR code as a picture, instead of showing it. */
  readonly png?: string | undefined;
  readonly showSeed: boolean;
  /** The codes come on standard input, and nothing is shown. */
  readonly codes: boolean;
}

/** What to do where nobody can be asked for the codes. */
export const INSTEAD =
  "Run this in a terminal, or give two consecutive codes on standard input, one per line, with --codes.";

/**
 * Shows the device's QR code, asks for two codes in a row until they are right, enables the device, and reads back that it
 * is assigned. The seed is on the screen only while it is asked for, and is not kept.
 *
 * @throws Interrupted on Ctrl-C; Failure where AWS refuses
 */
export async function enroll(aws: Aws, enrolment: Enrollment, how: EnrollOptions): Promise<Device> {
  const { user, serial } = enrolment;
  const judge = judgeOf(aws, enrolment);
  const codes = how.codes
    ? await pipedCodes(judge)
    : await withTerminal(`${INSTEAD} The device is not enabled.`, (terminal) =>
        codesFromPerson(terminal, enrolment, how, judge),
      ).catch((error) => halfWay(aws, enrolment, error));
  await enableDevice(aws, user, serial, codes).catch(async (error) => {
    if ((await enabled(aws, enrolment).catch(() => undefined)) === undefined) throw error;
  });
  const device = await enabled(aws, enrolment);
  if (device) return device;
  throw new Failure(
    "failed",
    `AWS accepted the codes, but does not show ${serial} as assigned to ${user} yet.`,
    `Check again in a minute: aws iam list-mfa-devices --user-name ${user}`,
  );
}

/** As many characters as AWS's seeds have in Base32. */
const NO_SEED = "A".repeat(64);

/**
 * For work that comes before the codes and cannot be taken back.
 *
 * @throws Failure (`terminal`) where nobody could be asked for the codes, or the QR code could not be shown; (`file`) where
 *   the picture could not be written
 */
export async function assertCanAsk(serial: string, { codes, png }: EnrollOptions): Promise<void> {
  if (codes) return;
  await withTerminal(`${INSTEAD} Nothing was changed.`, async (terminal) => {
    const uri = enrollmentUri(serial, NO_SEED);
    if (png === undefined) await drawnFor(terminal, uri);
    else {
      await writePicture(png, uri);
      await rm(png);
    }
  });
}

export function sayEnabled({ serial, user, enabledAt }: Device, when: "already" | "now"): void {
  const since = enabledAt ? ` since ${localTime(enabledAt)}` : "";
  const text =
    when === "already"
      ? `The device ${serial} is already enabled for ${user}${since}. Nothing was changed.`
      : `The device ${serial} is enabled for ${user}.`;
  process.stdout.write(`${text}\n`);
}

function judgeOf({ clock }: Aws, { seed }: Enrollment): (codes: Codes) => Verdict {
  return ([first, second]) =>
    seed === undefined ? compareCodes(first, second) : checkCodes(seed, first, second, clock.now());
}

async function codesFromPerson(
  terminal: Terminal,
  { user, serial, seed }: Enrollment,
  { png, showSeed }: EnrollOptions,
  judge: (codes: Codes) => Verdict,
): Promise<Codes> {
  if (seed === undefined) return askCodes(terminal, judge);
  const uri = enrollmentUri(serial, seed);
  if (png !== undefined) {
    await writePicture(png, uri);
    terminal.write(`The QR code is in ${png}. It contains the seed: delete it after scanning.\n`);
    return showSeed
      ? withAlternateScreen(terminal, seedLine(seed), () => askCodes(terminal, judge))
      : askCodes(terminal, judge);
  }
  const drawing = beside(await drawnFor(terminal, uri), whatToDo(user, serial), terminal);
  const shown = showSeed ? `${drawing}\n${seedLine(seed)}` : drawing;
  return withAlternateScreen(terminal, shown, () => askCodes(terminal, judge));
}

/** For whoever sees the QR code: whose it is, and what to do. */
function whatToDo(user: string, serial: string): readonly string[] {
  const [, further] = serial.split(`:mfa/${user}/`);
  return [
    style.bold(`MFA device ${further ? `${further} ` : ""}of ${user}`),
    `AWS account ${serial.split(":")[4]}`,
    "",
    `Now: scan this QR code with ${user}'s authenticator app, as a new account.`,
    "",
    "Next: enter two codes from the app, the one that it shows and the one after it.",
    "",
    "The QR code contains the device's seed: keep no picture of it.",
  ];
}

const seedLine = (seed: string) => `Seed: ${seed}`;

/** For scripts: the older code and the newer one, one a line. */
async function pipedCodes(judge: (codes: Codes) => Verdict): Promise<Codes> {
  const [first = "", second = ""] = await readCodes(2);
  const verdict = judge([first, second]);
  if (verdict.kind === "good") return [first, second];
  throw new Failure("failed", verdict.reason, "The device is not enabled.");
}

/** Another run may have enabled the device meanwhile. */
export class EnabledMeanwhile extends Interrupted {
  constructor({ user, serial }: Enrollment) {
    super(`The device ${serial} is enabled for ${user}: another run finished the enrollment.`);
  }
}

async function enabled(aws: Aws, { user, serial }: Enrollment): Promise<Device | undefined> {
  return (await enabledDevices(aws, user))?.find((each) => each.serial === serial);
}

async function halfWay(aws: Aws, enrolment: Enrollment, error: unknown): Promise<never> {
  if (!(error instanceof Interrupted)) throw error;
  if (await enabled(aws, enrolment).catch(() => undefined)) throw new EnabledMeanwhile(enrolment);
  throw new Interrupted(
    "The device is not enabled. Run the same command again to continue; the QR code stays the same.",
  );
}
