import type { CallerKind } from "../../policy-pack/iam/principal/caller";
import type { Random } from "../random";
import { ALICE, BOB, BUILD, BUILD_SESSION, GUEST, HOME, STRANGER } from "./generate/principal";
import { type Request, ROLE } from "./simulator";

/** Somebody who calls, and the class that a principal which names them alone has. */
export interface Caller {
  readonly kind: CallerKind;
  /** As the evaluator takes it. */
  readonly principal: string;
  /** `aws:PrincipalArn`: for a session, the role's. */
  readonly arn: string;
  readonly action: string;
}

/** Of an account that no document names: the evaluator takes an identity provider for one of its account's users. */
const SAML = "arn:aws:iam::777788889999:saml-provider/corp";
const WEB = "arn:aws:iam::777788889999:oidc-provider/token.example.com";
export const FEDERATED = [SAML, WEB, "accounts.google.com"];

/** Members of the account's groups. */
export const MEMBERS = [assuming("user", ALICE, ALICE), assuming("user", BOB, BOB)] as const;

/** A session of `sts:GetFederationToken` that a member opened. */
export const MEMBERS_SESSION = assuming("federated-user", GUEST, GUEST);

const CALLERS: readonly Caller[] = [
  ...MEMBERS,
  assuming("user", STRANGER, STRANGER),
  assuming("role", BUILD_SESSION, BUILD),
  assuming("role", `arn:aws:sts::${HOME}:assumed-role/build/other`, BUILD),
  assuming("role", `arn:aws:sts::${HOME}:assumed-role/deploy/x`, `arn:aws:iam::${HOME}:role/team/deploy`),
  assuming("role", "arn:aws:sts::444455556666:assumed-role/ci/x", "arn:aws:iam::444455556666:role/ci"),
  assuming("service", "ec2.amazonaws.com", ""),
  ...FEDERATED.map((provider): Caller => {
    const action = provider === SAML ? "sts:AssumeRoleWithSAML" : "sts:AssumeRoleWithWebIdentity";
    return { kind: "federated", principal: provider, arn: "", action };
  }),
];

export function assuming(kind: Caller["kind"], principal: string, arn: string): Caller {
  return { kind, principal, arn, action: "sts:AssumeRole" };
}

/** What a request without MFA carries. With a maximum age also one whose MFA is older, by one of these ages in seconds. */
export function contextsOf(
  { kind }: Caller,
  pick: Random,
  tooOld: readonly string[] = [],
): readonly Request["context"][] {
  if (kind === "service" || kind === "federated") return [{}];
  const age = tooOld[pick(Math.max(1, tooOld.length))];
  return [
    {},
    { "aws:MultiFactorAuthPresent": "false" },
    ...(age === undefined ? [] : [{ "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": age }]),
  ];
}

/** What a request carries of its caller (section 1 of the specification). `isSession`: it is signed by temporary keys. */
export function callerKeys({ kind, principal, arn }: Caller, isSession: boolean): Request["context"] {
  const token = { "aws:TokenIssueTime": "2029-12-31T00:00:00Z" };
  switch (kind) {
    case "service":
      return { "aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": principal };
    case "federated":
      return {};
    case "user":
      return {
        ...identityKeys(arn, "User", "AIDAEXAMPLE"),
        "aws:username": arn.split("/").pop() ?? "",
        ...(isSession ? token : {}),
      };
    case "federated-user":
      return { ...identityKeys(arn, "FederatedUser", `${HOME}:${arn.split("/").pop()}`), ...token };
    case "role":
      return { ...identityKeys(arn, "AssumedRole", `AROAEXAMPLE:${principal.split("/").pop()}`), ...token };
  }
}

function identityKeys(arn: string, type: string, id: string): Request["context"] {
  return {
    "aws:PrincipalArn": arn,
    "aws:PrincipalAccount": arn.split(":")[4] ?? "",
    "aws:PrincipalType": type,
    "aws:PrincipalIsAWSService": "false",
    "aws:userid": id,
  };
}

/** Values that the requests of an area may carry, by key. */
export type Values = Readonly<Record<string, readonly string[]>>;

/** Every request carries the time and how it came. */
const ALWAYS = new Set(["aws:CurrentTime", "aws:EpochTime", "aws:SecureTransport"]);

/** Other keys of a request, there or not. */
export function others(values: Values, pick: Random): Request["context"] {
  const context: Record<string, string> = {};
  for (const [key, list] of Object.entries(values)) {
    const value = list[pick(ALWAYS.has(key) ? list.length : list.length + 1)];
    if (value !== undefined) context[key] = value;
  }
  return context;
}

/** Requests without MFA of every caller to assume the role. */
export function* requests(
  values: Values,
  pick: Random,
  tooOld: readonly string[] = [],
): Generator<{ readonly caller: Caller; readonly request: Request }> {
  for (const caller of CALLERS) {
    for (const mfa of contextsOf(caller, pick, tooOld)) {
      const { principal, action } = caller;
      const own = callerKeys(caller, "aws:MultiFactorAuthPresent" in mfa);
      yield {
        caller,
        request: { principal, action, resource: ROLE, context: { ...mfa, ...others(values, pick), ...own } },
      };
    }
  }
}
