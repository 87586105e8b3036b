import type { IncomingHttpHeaders } from "node:http";
import { arnOf, type Caller, type Mfa, userIdOf } from "./caller";

/** The condition keys that a request carries, with their values. */
export type Context = Readonly<Record<string, string | string[]>>;

/**
 * The global condition keys of a request, by who calls.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 *
 * @param given the code that the call itself brings, where it does
 */
export function contextOf(
  caller: Caller,
  headers: IncomingHttpHeaders,
  region: string,
  given?: Mfa,
): Context {
  const now = new Date();
  return {
    "aws:CurrentTime": now.toISOString(),
    "aws:EpochTime": String(Math.floor(now.getTime() / 1000)),
    "aws:PrincipalAccount": caller.account,
    "aws:PrincipalIsAWSService": "false",
    "aws:RequestedRegion": region,
    // The local AWS stands for one that is reached by TLS.
    "aws:SecureTransport": "true",
    "aws:SourceIp": "127.0.0.1",
    "aws:UserAgent": headers["user-agent"] ?? "",
    "aws:ViaAWSService": "false",
    "aws:userid": userIdOf(caller),
    ...principal(caller),
    ...mfa(caller, given, now),
  };
}

function principal(caller: Caller): Context {
  switch (caller.kind) {
    case "root":
      return {
        "aws:PrincipalArn": arnOf(caller),
        "aws:PrincipalType": "Account",
        ...issued(caller.session?.issuedAt),
      };
    case "user":
      return {
        "aws:PrincipalArn": caller.arn,
        "aws:PrincipalType": "User",
        "aws:username": caller.name,
        ...tags(caller.tags),
        ...issued(caller.session?.issuedAt),
      };
    case "role":
      return {
        "aws:PrincipalArn": caller.roleArn,
        "aws:PrincipalType": "AssumedRole",
        ...tags(caller.tags),
        ...issued(caller.issuedAt),
      };
    case "federated":
      return {
        "aws:PrincipalArn": arnOf(caller),
        "aws:PrincipalType": "FederatedUser",
        ...issued(caller.issuedAt),
      };
  }
}

/**
 * Access keys carry no MFA key at all, a session without a code `false`, one with a code `true` and its age. A role's session says
 * `false`, however it was begun.
 */
function mfa(caller: Caller, given: Mfa | undefined, now: Date): Context {
  const session = caller.kind === "user" || caller.kind === "root" ? caller.session : undefined;
  const code = given ?? session?.mfa;
  if (code !== undefined) {
    const age = Math.max(0, Math.floor((now.getTime() - code.at.getTime()) / 1000));
    return { "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": String(age) };
  }
  const longTerm = (caller.kind === "user" || caller.kind === "root") && session === undefined;
  return longTerm ? {} : { "aws:MultiFactorAuthPresent": "false" };
}

function issued(at: Date | undefined): Context {
  return at === undefined ? {} : { "aws:TokenIssueTime": at.toISOString().replace(/\.\d+Z$/, "Z") };
}

function tags(of: Readonly<Record<string, string>>): Context {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]));
}
