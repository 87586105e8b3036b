import { rm } from "node:fs/promises";
import type { Aws } from "../aws/connect";
import { type Device, enableDevice, enabledDevices } from "../aws/device";
import { Failure, Interrupted } from "../failure";
import { withAlternateScreen } from "../terminal/alternate-screen";
import { style } from "../terminal/escape-controls";
import { readCodes } from "../terminal/read-code";
import { type Terminal, withTerminal } from "../terminal/terminal";
import { localTime } from "../terminal/time";
import { askCodes } from "./ask-codes";
import { type Codes, mistakeIn } from "./codes";
import { beside, drawnFor, enrollmentUri, writePicture } from "./qr-code";

/** A device to enable, and its user. */
export interface Enrollment {
  readonly user: string;
  readonly serial: string;
  /** A secret. Absent if the user was given the QR code earlier: AWS does not show it again. */
  readonly seed: string | undefined;
}

export interface EnrollOptions {
  readonly profile?: string | undefined;
  /** The file to write the QR code to as a picture, instead of showing it. */
  readonly png?: string | undefined;
  readonly showSeed: boolean;
  /** The codes are on standard input, and nothing is shown. */
  readonly codes: boolean;
}

/** The remedy if there is no terminal to ask for the codes. */
export const INSTEAD =
  "Run this in a terminal, or give two consecutive codes on standard input, one per line, with --codes.";

/** Another run enabled the device while this one asked for its codes. */
export class EnabledMeanwhile extends Interrupted {
  constructor({ user, serial }: Enrollment) {
    super(`The device ${serial} is enabled for ${user}: another run finished the enrollment.`);
  }
}

/**
 * Shows the device's QR code, asks for two consecutive codes until they are right, enables the device, checks that AWS shows it as
 * assigned, and says so. The seed is on the screen only during the questions, and is not stored.
 *
 * @throws Interrupted on Ctrl-C; Failure if AWS refuses
 */
export async function enroll(aws: Aws, enrollment: Enrollment, how: EnrollOptions): Promise<void> {
  const { user, serial, seed } = enrollment;
  const mistake = (codes: Codes) => mistakeIn(codes, seed, aws.clock.now());
  const isEnabled = async () =>
    (await enabledDevices(aws, user))?.some((device) => device.serial === serial) === true;
  const codes = how.codes
    ? await pipedCodes(mistake)
    : await withTerminal(`${INSTEAD} The device is not enabled.`, (terminal) =>
        codesFromPerson(terminal, enrollment, how, mistake),
      ).catch(async (error) => {
        if (!(error instanceof Interrupted)) throw error;
        if (await isEnabled().catch(() => false)) throw new EnabledMeanwhile(enrollment);
        throw new Interrupted(
          "The device is not enabled. Run the same command again to continue; the QR code stays the same.",
        );
      });
  await enableDevice(aws, user, serial, codes).catch(async (error) => {
    if (!(await isEnabled().catch(() => false))) throw error;
  });
  if (!(await isEnabled())) {
    throw new Failure(
      "failed",
      `AWS accepted the codes, but does not show ${serial} as assigned to ${user} yet.`,
      `Check again in a minute: aws iam list-mfa-devices --user-name ${user}`,
    );
  }
  process.stdout.write(`The device ${serial} is enabled for ${user}.\n`);
}

export function sayAlreadyEnabled({ serial, user, enabledAt }: Device): void {
  const since = enabledAt ? ` since ${localTime(enabledAt)}` : "";
  process.stdout.write(`The device ${serial} is already enabled for ${user}${since}. Nothing was changed.\n`);
}

/** As long as AWS's seeds are in Base32. */
const NO_SEED = "A".repeat(64);

/**
 * For work that comes before the codes and cannot be undone.
 *
 * @throws Failure (`terminal`) if `enroll` could not ask for the codes or show the QR code; (`file`) if it could not write the picture
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

async function codesFromPerson(
  terminal: Terminal,
  { user, serial, seed }: Enrollment,
  { png, showSeed }: EnrollOptions,
  mistake: (codes: Codes) => string | undefined,
): Promise<Codes> {
  const ask = () => askCodes(terminal, mistake);
  if (seed === undefined) return ask();
  const uri = enrollmentUri(serial, seed);
  const seedLine = `Seed: ${seed}`;
  if (png !== undefined) {
    await writePicture(png, uri);
    terminal.write(`The QR code is in ${png}. It contains the seed: delete it after scanning.\n`);
    return showSeed ? withAlternateScreen(terminal, seedLine, ask) : ask();
  }
  const drawing = beside(await drawnFor(terminal, uri), instructions(user, serial), terminal);
  return withAlternateScreen(terminal, showSeed ? `${drawing}\n${seedLine}` : drawing, ask);
}

/** What the person who sees the QR code has to know. */
function instructions(user: string, serial: string): readonly string[] {
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

async function pipedCodes(mistake: (codes: Codes) => string | undefined): Promise<Codes> {
  const [first = "", second = ""] = await readCodes(2);
  const wrong = mistake([first, second]);
  if (wrong === undefined) return [first, second];
  throw new Failure("failed", wrong, "The device is not enabled.");
}
