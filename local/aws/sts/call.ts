import { managedPolicy } from "../../evaluator/documents";
import type { Account } from "../account";
import type { Caller, Mfa } from "../caller";
import type { Context } from "../context";
import type { Issued } from "../credentials";
import { awsError } from "../error";
import type { Result } from "../render";
import type { State } from "../state";

/** An STS call, its caller, and what decides it. */
export interface StsCall {
  readonly action: string;
  readonly parameters: URLSearchParams;
  readonly caller: Caller;
  /** The condition keys of the request, including those of the code in it. */
  readonly contextWith: (code: Mfa | undefined) => Context;
  readonly state: State;
}

/**
 * Verifies and uses up the MFA code in a call, if any.
 *
 * @throws AwsError if it is wrong, used before, or from a device that is not the caller's
 */
export async function codeIn(
  parameters: URLSearchParams,
  caller: Caller,
  state: State,
): Promise<Mfa | undefined> {
  const serial = parameters.get("SerialNumber");
  const code = parameters.get("TokenCode");
  if (serial === null && code === null) return undefined;
  if (serial === null || code === null) throw awsError("incompleteMfa");
  if (caller.kind !== "user") throw awsError("wrongDevice");
  const { iam } = state.accounts(caller.account);
  const { MFADevices = [] } = await iam.listMFADevices({ UserName: caller.name });
  const device = state.devices.get(serial);
  if (!device || !MFADevices.some(({ SerialNumber }) => SerialNumber === serial))
    throw awsError("wrongDevice");
  if (!device.accepts(code)) throw awsError("wrongCode");
  return { serial, at: new Date() };
}

const MINIMUM = 900;

/** The requested session duration, in seconds. Throws AwsError if it is out of range. */
export function durationIn(parameters: URLSearchParams, maximum: number, byDefault: number): number {
  const given = parameters.get("DurationSeconds");
  if (given === null) return Math.min(byDefault, maximum);
  const seconds = Number(given);
  if (seconds >= MINIMUM && seconds <= maximum) return seconds;
  throw seconds < MINIMUM
    ? awsError("duration", given, "greater", String(MINIMUM))
    : awsError("duration", given, "less", String(maximum));
}

/** The session policies in a call. Throws AwsError. */
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
