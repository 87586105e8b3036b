import { type Limit, parseLimit } from "aws-mfa-policy-pack/iam";
import { jsonOf } from "../input-text";
import { refusedPolicy } from "../refused-policy";

const WHAT = { SCP: "a service control policy", RCP: "a resource control policy" } as const;

/** The SCPs and RCPs of `--scp` and `--rcp`. */
export async function givenLimits({
  scp = [],
  rcp = [],
}: {
  readonly scp?: readonly string[] | undefined;
  readonly rcp?: readonly string[] | undefined;
}): Promise<readonly Limit[]> {
  return Promise.all([
    ...scp.map((each) => givenLimit("SCP", each)),
    ...rcp.map((each) => givenLimit("RCP", each)),
  ]);
}

/**
 * Reads a file and, after `=`, the member accounts under the policy in it.
 *
 * @throws Failure (`unseen`) if the file has no policy of that kind
 */
async function givenLimit(kind: Limit["kind"], given: string): Promise<Limit> {
  const [, file = given, ids] = /^(.+)=(\d{12}(?:,\d{12})*)$/.exec(given) ?? [];
  const accounts = ids === undefined ? {} : { accounts: new Set(ids.split(",")) };
  const read = parseLimit(await jsonOf(file, WHAT[kind]), { kind, name: file, ...accounts });
  if (read.ok) return read.limit;
  throw refusedPolicy(file, WHAT[kind], read.errors);
}
