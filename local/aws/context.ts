import type { IncomingHttpHeaders } from "node:http";
import type { Caller, Mfa } from "./caller";

/** The condition keys of a request, with their values. */
export type Context = Readonly<Record<string, string | string[]>>;

const PRINCIPAL_TYPES = { root: "Account", user: "User", role: "AssumedRole", federated: "FederatedUser" };

/**
 * The global condition keys of a request.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 *
 * @param code the MFA code in the call itself, if any
 */
export function contextOf(caller: Caller, headers: IncomingHttpHeaders, region: string, code?: Mfa): Context {
  const now = new Date();
  const { session } = caller;
  const tags = Object.entries(caller.tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]);
  return {
    "aws:CurrentTime": now.toISOString(),
    "aws:EpochTime": String(Math.floor(now.getTime() / 1000)),
    "aws:PrincipalAccount": caller.account,
    "aws:PrincipalArn": caller.principalArn,
    "aws:PrincipalIsAWSService": "false",
    "aws:PrincipalType": PRINCIPAL_TYPES[caller.kind],
    "aws:RequestedRegion": region,
    // The local AWS stands in for one with TLS.
    "aws:SecureTransport": "true",
    "aws:SourceIp": "127.0.0.1",
    "aws:UserAgent": headers["user-agent"] ?? "",
    "aws:ViaAWSService": "false",
    "aws:userid": caller.userId,
    ...(caller.kind === "user" && { "aws:username": caller.name }),
    ...(session && { "aws:TokenIssueTime": session.issuedAt.toISOString().replace(/\.\d+Z$/, "Z") }),
    ...Object.fromEntries(tags),
    ...mfaKeys(caller, code ?? session?.mfa, now),
  };
}

/**
 * Access keys carry no MFA key, a session without a code `false`, a session with a code `true` and its age. The session of a role
 * carries `false`, even if the role was assumed with a code.
 */
function mfaKeys({ session }: Caller, code: Mfa | undefined, now: Date): Context {
  if (code !== undefined) {
    const age = Math.max(0, Math.floor((now.getTime() - code.at.getTime()) / 1000));
    return { "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": String(age) };
  }
  return session === undefined ? {} : { "aws:MultiFactorAuthPresent": "false" };
}
