import { managedPolicy } from "../../evaluator/documents";
import type { Account } from "../account";
import type { Caller, Mfa } from "../caller";
import type { Context } from "../context";
import type { Issued } from "../credentials";
import { awsError } from "../error";
import type { Result } from "../render";
import type { State } from "../state";

/** A call of STS, whoever makes it, and what it is decided with. */
export interface StsCall {
  readonly action: string;
  readonly parameters: URLSearchParams;
  readonly caller: Caller;
  /** The condition keys of the request, with those of the code that it brings. */
  readonly contextWith: (code: Mfa | undefined) => Context;
  readonly state: State;
}

/**
 * The code that a call brings, taken.
 *
 * @throws AwsError where it is wrong, used, or of a device that is not the caller's own
 */
export async function codeIn(
  parameters: URLSearchParams,
  caller: Caller,
  state: State,
): Promise<Mfa | undefined> {
  const serial = parameters.get("SerialNumber");
  const code = parameters.get("TokenCode");
  if (serial === null && code === null) return undefined;
  if (serial === null || code === null) throw awsError("halfOfMfa");
  if (caller.kind !== "user") throw awsError("wrongDevice");
  const { iam } = state.accounts(caller.account);
  const { MFADevices = [] } = await iam.listMFADevices({ UserName: caller.name });
  const device = state.devices.get(serial);
  if (!device || !MFADevices.some(({ SerialNumber }) => SerialNumber === serial))
    throw awsError("wrongDevice");
  if (!device.takes(code)) throw awsError("wrongCode");
  return { serial, at: new Date() };
}

const LEAST = 900;

/** Seconds that the session is asked to last. Throws AwsError where AWS gives no such one. */
export function durationIn(parameters: URLSearchParams, most: number, byDefault: number): number {
  const given = parameters.get("DurationSeconds");
  if (given === null) return Math.min(byDefault, most);
  const seconds = Number(given);
  if (seconds >= LEAST && seconds <= most) return seconds;
  throw awsError(
    "duration",
    given,
    ...(seconds < LEAST ? ["greater", String(LEAST)] : ["less", String(most)]),
  );
}

/** The policies that a call passes to narrow the session that it asks for. Throws AwsError. */
export async function sessionPoliciesIn(parameters: URLSearchParams, { iam }: Account): Promise<unknown[]> {
  const inline = parameters.get("Policy");
  const arns = [...parameters].flatMap(([name, value]) =>
    /^PolicyArns\.member\.\d+\.arn$/.test(name) ? value : [],
  );
  const managed = arns.map(async (arn) => (await managedPolicy(iam, arn)).policy);
  return [...(inline === null ? [] : [parsed(inline)]), ...(await Promise.all(managed))];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw awsError("malformedPolicy");
  }
}

export function credentialsResult({ accessKeyId, secret, token, expires }: Issued): Result {
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secret,
    SessionToken: token,
    Expiration: expires.toISOString().replace(/\.\d+Z$/, "Z"),
  };
}
