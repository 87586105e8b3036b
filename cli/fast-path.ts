import { fstatSync, writeSync } from "node:fs";
import { MFA_SERIAL, PROFILE_NAME, REGION } from "./aws/patterns";
import { cacheKey, sessionFolder } from "./session/cache-key";
import { fileStore } from "./session/file-store";
import { fromJson, isUsable, toJson } from "./session/session";

/** The options that `aws-mfa profile --one-code` writes into the command line that the AWS CLI and the SDKs run. */
const OPTIONS: Readonly<Record<string, (value: string) => boolean>> = {
  "--profile": (value) => PROFILE_NAME.test(value),
  "--mfa-serial": (value) => MFA_SERIAL.test(value),
  "--region": (value) => REGION.test(value),
  "--duration-seconds": (value) =>
    /^\d{3,6}$/.test(value) && Number(value) >= 900 && Number(value) <= 129_600,
};

/**
 * Runs `aws-mfa session` if the session is cached in a file, without loading what other commands need, which would take longer.
 *
 * @returns whether it did; if not, nothing has been printed, and the whole command has to run
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

/** The output of `aws-mfa session` for a program; `undefined` if the whole command has to run. */
async function cachedInFile(options: readonly string[]): Promise<string | undefined> {
  const profile = profileIn(options);
  const setting = ["AWS_MFA_SESSION_RUNNING", "AWS_MFA_TIMEOUT"].some((name) => name in process.env);
  // A terminal is a character device. Loading node:tty, which would know, takes longer than all the rest.
  if (profile === undefined || setting || fstatSync(1).isCharacterDevice()) return undefined;
  const text = await fileStore(await sessionFolder()).read(await cacheKey(profile));
  const session = text === undefined ? undefined : fromJson(text);
  if (!isUsable(session)) return undefined;
  const answer = `${toJson(session)}\n`;
  // AWS's credentials have no other characters. The whole command escapes them.
  return /^[\x20-\x7e]+\n$/.test(answer) ? answer : undefined;
}

/** The value of `--profile`; `undefined` if the options are not valid pairs. */
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
