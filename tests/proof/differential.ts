import {
  DEFAULT_TRUST_RULES,
  decideGuard,
  decideTrust,
  parsePolicy,
  type TrustRules,
  Unknown,
} from "../../policy-pack/iam";
import { remediateTrust } from "../../policy-pack/iam/trust-policy/remediate";
import { ALICE, BOB, BUILD, BUILD_SESSION, STRANGER, VALUES } from "./documents";
import { mayAssume, mayDo, type Request } from "./simulator";

/** What was counted; `disagreements` has one line for each. */
export interface Tally {
  documents: number;
  requests: number;
  witnesses: number;
  remediated: number;
  readonly verdicts: Map<string, number>;
  readonly disagreements: string[];
}

export function newTally(): Tally {
  return { documents: 0, requests: 0, witnesses: 0, remediated: 0, verdicts: new Map(), disagreements: [] };
}

/** Every class of principal must prove MFA, so that "protected" means that nobody gets in. */
const EVERYBODY: TrustRules = {
  ...DEFAULT_TRUST_RULES,
  principals: {
    service: "enforce",
    federated: "enforce",
    role: "enforce",
    user: "enforce",
    account: "enforce",
  },
};

const ROLE = "arn:aws:iam::111122223333:role/target";
const WITHOUT_MFA: readonly Request["context"][] = [{}, { "aws:MultiFactorAuthPresent": "false" }];

interface Caller {
  readonly principal: string;
  readonly arn: string;
}
const CALLERS: readonly Caller[] = [
  { principal: ALICE, arn: ALICE },
  { principal: BOB, arn: BOB },
  { principal: STRANGER, arn: STRANGER },
  { principal: BUILD_SESSION, arn: BUILD },
  { principal: "arn:aws:sts::111122223333:assumed-role/build/other", arn: BUILD },
  {
    principal: "arn:aws:sts::111122223333:assumed-role/deploy/x",
    arn: "arn:aws:iam::111122223333:role/deploy",
  },
];

/** Requests without MFA: every caller in both worlds, with other keys present or not, chosen by a small generator. */
function* requestsWithoutMfa(pick: (below: number) => number, each: number): Generator<Request> {
  for (const { principal, arn } of CALLERS) {
    for (const world of WITHOUT_MFA) {
      for (let count = 0; count < each; count += 1) {
        yield {
          principal,
          action: "sts:AssumeRole",
          resource: ROLE,
          context: { ...world, ...others(pick), ...callerKeys(arn, "aws:MultiFactorAuthPresent" in world) },
        };
      }
    }
  }
}

/** What a request carries of its caller (section 1 of the specification). `isSession`: it is signed by temporary keys. */
function callerKeys(arn: string, isSession: boolean): Request["context"] {
  const isRole = arn.includes(":role/");
  return {
    "aws:PrincipalArn": arn,
    "aws:PrincipalAccount": arn.split(":")[4] ?? "",
    "aws:PrincipalType": isRole ? "AssumedRole" : "User",
    "aws:PrincipalIsAWSService": "false",
    "aws:userid": isRole ? "AROAEXAMPLE:session" : "AIDAEXAMPLE",
    ...(isRole ? {} : { "aws:username": arn.split("/").pop() ?? "" }),
    ...(isRole || isSession ? { "aws:TokenIssueTime": "2029-12-31T00:00:00Z" } : {}),
  };
}

function others(pick: (below: number) => number): Request["context"] {
  const context: Record<string, string> = {};
  for (const [key, values] of Object.entries(VALUES)) {
    // Every request carries the time and how it came.
    const always = key === "aws:CurrentTime" || key === "aws:SecureTransport";
    const value = values[pick(always ? values.length : values.length + 1)];
    if (value !== undefined) context[key] = value;
  }
  return context;
}

/** Compares the verdict on a trust policy with what the evaluator says of concrete requests. */
export async function compareTrust(
  document: unknown,
  pick: (below: number) => number,
  tally: Tally,
): Promise<void> {
  tally.documents += 1;
  const parsed = parsePolicy(document, "trust");
  if (!parsed.ok)
    throw new Error(`the generator made a document that is refused: ${JSON.stringify(parsed.errors)}`);
  const verdict = decideTrust(parsed.policy, EVERYBODY);
  count(tally, `trust ${verdict.kind}`);
  if (verdict.kind === "protected" || verdict.kind === "anyone-with-mfa") {
    await expectClosed(document, pick, tally, verdict.kind);
  } else if (verdict.kind === "bypassable") {
    for (const { exact, request, action, context: world, class: judged } of verdict.witnesses) {
      // The evaluator reads NotPrincipal, which AWS refuses here.
      if (!exact || action !== "sts:AssumeRole" || judged === "service" || parsed.policy.refused.length > 0)
        continue;
      const asked = concrete(request, world.kind === "false");
      tally.witnesses += 1;
      tally.requests += 1;
      if (await mayAssume(document, asked)) continue;
      tally.disagreements.push(`a witness is not allowed: ${JSON.stringify({ document, asked })}`);
    }
    await remediate(document, pick, tally);
  }
}

async function expectClosed(
  document: unknown,
  pick: (below: number) => number,
  tally: Tally,
  what: string,
): Promise<void> {
  for (const request of requestsWithoutMfa(pick, 3)) {
    tally.requests += 1;
    if (!(await mayAssume(document, request))) continue;
    tally.disagreements.push(`${what}, but a request is allowed: ${JSON.stringify({ document, request })}`);
    return;
  }
}

/** A remediated document is protected, the evaluator agrees, and there is nothing more to remediate in it. */
async function remediate(document: unknown, pick: (below: number) => number, tally: Tally): Promise<void> {
  const rules: TrustRules = { ...EVERYBODY, principals: { ...EVERYBODY.principals, service: "exempt" } };
  const remediated = remediateTrust(document, rules, { peopleArns: ["*"] });
  if (remediated.kind !== "remediated") return;
  tally.remediated += 1;
  await expectClosed(remediated.document, pick, tally, "remediated");
  const again = remediateTrust(remediated.document, rules, { peopleArns: ["*"] });
  if (again.kind !== "sound") {
    tally.disagreements.push(`remediated once, it is not sound: ${JSON.stringify({ document, again })}`);
  }
}

function concrete(request: ReadonlyMap<string, readonly string[] | undefined>, isFalse: boolean): Request {
  const arn = request.get("aws:principalarn")?.[0] ?? "";
  const [, partition, , , account, name = ""] = /^arn:([^:]+):(iam):(.*):(\d+):role\/(.*)$/.exec(arn) ?? [];
  const role = name.split("/").pop() ?? "";
  const session =
    request.get("session")?.[0] ?? `arn:${partition}:sts::${account}:assumed-role/${role}/anything`;
  const context: Record<string, string | readonly string[]> = {
    "aws:CurrentTime": "2030-01-01T00:00:00Z",
    "aws:SecureTransport": "true",
    ...callerKeys(arn, isFalse),
  };
  if (isFalse) context["aws:MultiFactorAuthPresent"] = "false";
  for (const [key, values] of request) {
    if (values === undefined || key === "session" || key === "aws:principalarn") continue;
    const [only, ...more] = values;
    if (only !== undefined) context[spelling(key)] = more.length === 0 ? only : values;
  }
  return { principal: role === "" ? arn : session, action: "sts:AssumeRole", resource: ROLE, context };
}

/** The request's key as AWS spells it, so that no key comes twice. */
function spelling(key: string): string {
  const known = [
    ...Object.keys(VALUES),
    ...Object.keys(callerKeys("", true)),
    "aws:username",
    "aws:MultiFactorAuthPresent",
    "aws:MultiFactorAuthAge",
  ];
  return known.find((each) => each.toLowerCase() === key) ?? key;
}

const MEMBER_REQUESTS: readonly Pick<Request, "action" | "resource">[] = [
  { action: "s3:ListAllMyBuckets", resource: "*" },
  { action: "s3:GetObject", resource: "arn:aws:s3:::example-bucket/report.csv" },
  { action: "s3:ListBucket", resource: "arn:aws:s3:::example-bucket" },
  { action: "iam:CreateAccessKey", resource: ALICE },
  { action: "iam:ListUsers", resource: "*" },
  { action: "ec2:DescribeInstances", resource: "*" },
  { action: "sts:AssumeRole", resource: ROLE },
];
const ALLOWED_WITHOUT_MFA = ["iam:EnableMFADevice", "iam:ListMFADevices", "sts:GetSessionToken"];

/** Compares the verdict on a group's policy with what the evaluator says of a member who is allowed everything. */
export async function compareGuard(
  document: unknown,
  pick: (below: number) => number,
  tally: Tally,
): Promise<void> {
  tally.documents += 1;
  const parsed = parsePolicy(document, "identity");
  if (!parsed.ok)
    throw new Error(`the generator made a document that is refused: ${JSON.stringify(parsed.errors)}`);
  const verdict = decideGuard([parsed.policy], { allowedWithoutMfa: ALLOWED_WITHOUT_MFA });
  count(tally, `guard ${verdict.kind}`);
  if (verdict.kind === "guarded") {
    for (const each of MEMBER_REQUESTS) {
      for (const world of WITHOUT_MFA) {
        const request = {
          principal: ALICE,
          ...each,
          context: { ...world, ...others(pick), ...callerKeys(ALICE, "aws:MultiFactorAuthPresent" in world) },
        };
        tally.requests += 1;
        if (!(await mayDo(document, request))) continue;
        tally.disagreements.push(
          `guarded, but a request is allowed: ${JSON.stringify({ document, request })}`,
        );
        return;
      }
    }
  } else if (verdict.kind === "open" && verdict.witness.exact) {
    const { action, resource, request, context: world } = verdict.witness;
    // The evaluator takes only actions that exist, on resources that they have.
    const real = MEMBER_REQUESTS.find((each) => each.action === action && each.resource === resource);
    if (real === undefined) return;
    const made = concrete(request, world.kind === "false");
    const principal = made.principal === "" ? ALICE : made.principal;
    const context = { ...callerKeys(principal, world.kind === "false"), ...made.context };
    tally.witnesses += 1;
    tally.requests += 1;
    if (await mayDo(document, { principal, ...real, context })) return;
    tally.disagreements.push(
      `a witness is not allowed: ${JSON.stringify({ document, context, real, principal })}`,
    );
  }
}

/**
 * A document of which one value is not known yet: what is said of it must hold for every value that it may turn out to
 * be, of which these are some.
 */
export function compareUnknown(document: unknown, pick: (below: number) => number, tally: Tally): void {
  const places = textsIn(document);
  const place = places[pick(places.length)];
  if (place === undefined) return;
  tally.documents += 1;
  const later = new Unknown("later", undefined, "later");
  const verdict = trustKind(withText(document, place, later));
  count(tally, `unknown: ${verdict}`);
  for (const filling of FILLINGS) {
    const filled = trustKind(withText(document, place, filling));
    const isWrong =
      filled !== undefined &&
      ((verdict === "protected" && filled === "bypassable") ||
        (verdict === "bypassable" && filled !== "bypassable"));
    if (!isWrong) continue;
    tally.disagreements.push(
      `${verdict}, but ${filled} as ${filling}: ${JSON.stringify({ document, place })}`,
    );
    return;
  }
}

const FILLINGS = [
  ...[ALICE, BOB, BUILD, BUILD_SESSION, STRANGER, "111122223333", "444455556666", "*", "true", "false"],
  ...Object.values(VALUES).flat(),
];

/** `undefined` for a document that AWS refuses. */
function trustKind(document: unknown): string | undefined {
  const parsed = parsePolicy(document, "trust");
  if (!parsed.ok) return undefined;
  const { kind } = decideTrust(parsed.policy);
  return kind === "bypassable" || kind === "unknown" ? kind : "protected";
}

/** The texts of a document's principals, actions and condition values. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return UNKNOWABLE.test(value) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return [...new Set(Object.values(value).flatMap(textsIn))];
}

const UNKNOWABLE = /^(arn:|\d{12}$|sts:|true|false|blue|green)/;

/** The document with a value, the same wherever it stands, in place of a text. */
function withText(value: unknown, text: string, other: unknown): unknown {
  if (value === text) return other;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each: unknown) => withText(each, text, other));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withText(each, text, other)]));
}

function count(tally: Tally, what: string): void {
  tally.verdicts.set(what, (tally.verdicts.get(what) ?? 0) + 1);
}
