import { join } from "node:path";
import { Failure } from "../failure";

/** This command itself, as `credential_process` calls it: found from any folder, whatever is on PATH. */
const SCRIPT = join(__dirname, "..", "bin", "aws-mfa.js");

/**
 * The value of `credential_process` that hands out the session of a source profile.
 *
 * The AWS CLI splits it in the way of a shell, the SDKs hand it to one; quotes suit both.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 *
 * @throws Failure (`file`) where this command lies in a folder whose name cannot be written there
 */
export function sessionCommandLine(source: {
  readonly profile: string;
  readonly mfaSerial: string;
  readonly region: string | undefined;
  /** How long a new session lasts; `undefined` for the usual. */
  readonly seconds: number | undefined;
}): string {
  const { profile, mfaSerial, region, seconds } = source;
  const words = ["session", "--profile", profile, "--mfa-serial", mfaSerial];
  if (region) words.push("--region", region);
  if (seconds !== undefined) words.push("--duration-seconds", String(seconds));
  return ownCommandLine(words);
}

/** This command with these words, for `credential_process`. Throws as `sessionCommandLine`. */
export function ownCommandLine(words: readonly string[]): string {
  assertLasting();
  return commandLine([process.execPath, SCRIPT, ...words]);
}

/**
 * Throws Failure (`file`) where a program that fetches packages for one run (npx, pnpm dlx, yarn dlx, bunx) has fetched this command: a
 * configuration file that names it there works until the program's cache is cleared.
 */
export function assertLasting(): void {
  if (!/[\\/](_npx|dlx|dlx-[^\\/]*|bunx-[^\\/]*)[\\/]/.test(SCRIPT)) return;
  throw new Failure(
    "file",
    `This command is in a temporary cache: ${SCRIPT}. A profile that starts it would stop working when the cache is cleared.`,
    "Install the command, then run it again: npm install --global PACKAGE",
  );
}

/** Whether the line starts this very command, where it lies now. */
export function isOwn(line: string): boolean {
  return line.startsWith(`${commandLine([process.execPath, SCRIPT, "session"])} `);
}

/** Words as one line, for a shell and for the AWS CLI. Throws Failure (`file`) where one of them cannot be written so. */
export function commandLine(words: readonly string[]): string {
  return words.map(quoted).join(" ");
}

/** Whether a word means itself in every shell, without quotes. */
export function isPlain(word: string): boolean {
  return /^[\w@%+=:,./-]+$/.test(word);
}

function quoted(word: string): string {
  if (isPlain(word)) return word;
  const windows = process.platform === "win32";
  // In double quotes a shell still looks at these; a " #" or " ;" begins a comment for the SDKs, quotes or not.
  const forbidden = windows ? /["%\r\n]|\s[#;]/ : /["$`\\\r\n]|\s[#;]/;
  if (forbidden.test(word)) {
    throw new Failure(
      "file",
      `A configuration file cannot contain the path of this command: ${word}`,
      "Move it to a path without quotes, $, ` and #.",
    );
  }
  return `"${word}"`;
}
