import { join } from "node:path";
import { Failure } from "../failure";

/** This command for `credential_process`, which works in any folder and with any PATH. */
const SCRIPT = join(__dirname, "..", "bin", "aws-mfa.js");

/**
 * The value of `credential_process` that returns the session of a source profile.
 *
 * The AWS CLI splits it like a shell, the SDKs pass it to a shell; quotes suit both.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 *
 * @throws Failure (`file`) if the path of this command cannot be written there, or is in a temporary cache
 */
export function sessionCommandLine(source: {
  readonly profile: string;
  readonly mfaSerial: string;
  readonly region: string | undefined;
  /** How long a new session lasts; by default as long as `aws-mfa session` makes it. */
  readonly seconds: number | undefined;
}): string {
  const { profile, mfaSerial, region, seconds } = source;
  const words = ["session", "--profile", profile, "--mfa-serial", mfaSerial];
  if (region) words.push("--region", region);
  if (seconds !== undefined) words.push("--duration-seconds", String(seconds));
  return ownCommandLine(words);
}

/** This command with these arguments, for `credential_process`. Throws as `sessionCommandLine`. */
export function ownCommandLine(words: readonly string[]): string {
  assertLasting();
  return commandLine([process.execPath, SCRIPT, ...words]);
}

/**
 * Throws Failure (`file`) if npx, pnpm dlx, yarn dlx or bunx has downloaded this command: a configuration file that names it would stop
 * working when the cache is cleared.
 */
export function assertLasting(): void {
  if (!/[\\/](_npx|dlx|dlx-[^\\/]*|bunx-[^\\/]*)[\\/]/.test(SCRIPT)) return;
  throw new Failure(
    "file",
    `This command is in a temporary cache: ${SCRIPT}. A profile that runs it would stop working when the cache is cleared.`,
    "Install the command, then run it again: npm install --global PACKAGE",
  );
}

/** Whether the line runs this very command at its current path. */
export function isOwn(line: string): boolean {
  return line.startsWith(`${commandLine([process.execPath, SCRIPT, "session"])} `);
}

/** The words as one line for a shell and for the AWS CLI. Throws Failure (`file`) if a word cannot be quoted. */
export function commandLine(words: readonly string[]): string {
  return words.map(quoted).join(" ");
}

/** Whether every shell takes the word literally, without quotes. */
export function isPlain(word: string): boolean {
  return /^[\w@%+=:,./-]+$/.test(word);
}

function quoted(word: string): string {
  if (isPlain(word)) return word;
  const windows = process.platform === "win32";
  // A shell interprets these in double quotes too; " #" or " ;" starts a comment for the SDKs, quotes or not.
  const forbidden = windows ? /["%\r\n]|\s[#;]/ : /["$`\\\r\n]|\s[#;]/;
  if (!forbidden.test(word)) return `"${word}"`;
  throw new Failure(
    "file",
    `A configuration file cannot contain the path of this command: ${word}`,
    "Move it to a path without quotes, $, ` and #.",
  );
}
