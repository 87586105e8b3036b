import { fstatSync, writeSync } from "node:fs";
import { MFA_SERIAL, PROFILE_NAME, REGION } from "./aws/patterns";
import { cacheKey, sessionFolder } from "./session/cache-key";
import { fileStore } from "./session/file-store";
import { fromJson, isUsable, toJson } from "./session/session";

/** What `aws-mfa profile --one-code` writes into the command line that the AWS CLI and the SDKs start before each call. */
const OPTIONS: Readonly<Record<string, (value: string) => boolean>> = {
  "--profile": (value) => PROFILE_NAME.test(value),
  "--mfa-serial": (value) => MFA_SERIAL.test(value),
  "--region": (value) => REGION.test(value),
  "--duration-seconds": (value) =>
    /^\d{3,6}$/.test(value) && Number(value) >= 900 && Number(value) <= 129_600,
};

/**
 * Answers `aws-mfa session` where the session is cached in a file. Loading all that other commands need would take longer than
 * the answer.
 *
 * @returns whether it is answered; where not, nothing is printed, and the command decides and explains everything itself
 */
export async function fastPath(args: readonly string[]): Promise<boolean> {
  try {
    const [command, ...options] = args;
    const answer = command === "session" ? await cachedInFile(options) : undefined;
    if (answer === undefined) return false;
    print(answer);
    return true;
  } catch {
    return false;
  }
}

/** As `aws-mfa session` decides it, for a program that reads the answer. */
async function cachedInFile(options: readonly string[]): Promise<string | undefined> {
  const profile = profileIn(options);
  const setting = ["AWS_MFA_SESSION_RUNNING", "AWS_MFA_TIMEOUT"].some((name) => name in process.env);
  // A terminal is such a device. To load node:tty, which can tell them apart, would take longer than the answer.
  if (profile === undefined || setting || fstatSync(1).isCharacterDevice()) return undefined;
  const text = await fileStore(await sessionFolder()).read(await cacheKey(profile));
  const session = text === undefined ? undefined : fromJson(text);
  if (!isUsable(session)) return undefined;
  const answer = `${toJson(session)}\n`;
  // AWS's credentials have no other characters. What others may do to a terminal is the command's to escape.
  return /^[\x20-\x7e]+\n$/.test(answer) ? answer : undefined;
}

/** The profile whose session is asked for; `undefined` where the options are any but pairs that the command accepts. */
function profileIn(options: readonly string[]): string | undefined {
  let profile = "default";
  for (let at = 0; at < options.length; at += 2) {
    const [name = "", value = ""] = options.slice(at, at + 2);
    if (!Object.hasOwn(OPTIONS, name) || !OPTIONS[name]?.(value)) return undefined;
    if (name === "--profile") profile = value;
  }
  return profile;
}

function print(text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
}
