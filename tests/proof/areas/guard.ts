import fc from "fast-check";
import { decideGuard, type GuardRules, type GuardVerdict, parsePolicy } from "../../../policy-pack/iam";
import type { Random } from "../../random";
import { type Area, falseAlarm, missed, type Tally } from "../area";
import { type Caller, callerKeys, contextsOf, MEMBERS, MEMBERS_SESSION, others } from "../caller";
import { VALUES } from "../generate/condition";
import { EXEMPT, guardDocument } from "../generate/guard";
import { ALICE, GUEST } from "../generate/principal";
import { mayDo, type Request, ROLE } from "../simulator";
import { requestOf } from "../witness";

export const GUARD_RULES: GuardRules = {
  allowedWithoutMfa: EXEMPT,
};

export const guards: Area = {
  name: "guards",
  share: 20,
  async compare(documents, seed, pick, tally) {
    for (const document of fc.sample(guardDocument, { numRuns: documents, seed })) {
      tally.documents += 1;
      const parsed = parsePolicy(document, "identity");
      if (!parsed.ok) {
        throw new Error(`the generator made a document that is refused: ${JSON.stringify(parsed.errors)}`);
      }
      await compareGuard(decideGuard([parsed.policy], GUARD_RULES), [document], pick, tally);
    }
  },
};

type Asked = Pick<Request, "action" | "resource">;

const MEMBER_REQUESTS: readonly Asked[] = [
  { action: "s3:ListAllMyBuckets", resource: "*" },
  { action: "s3:GetObject", resource: "arn:aws:s3:::example-bucket/report.csv" },
  { action: "s3:ListBucket", resource: "arn:aws:s3:::example-bucket" },
  { action: "iam:CreateAccessKey", resource: ALICE },
  { action: "iam:ListUsers", resource: "*" },
  { action: "ec2:DescribeInstances", resource: "*" },
  { action: "sts:AssumeRole", resource: ROLE },
];

const FEDERATION: Asked = { action: "sts:GetFederationToken", resource: "*" };

/** Compares the verdict on the policies of a group with what the evaluator says of members who are allowed everything. */
export async function compareGuard(
  verdict: GuardVerdict,
  documents: readonly object[],
  pick: Random,
  tally: Tally,
): Promise<void> {
  if (verdict.kind === "unknown") {
    tally.said.undecided += 1;
  } else if (verdict.kind === "guarded") {
    tally.said.safe += 1;
    const request = await getsThrough(documents, pick, tally);
    if (request !== undefined) missed(tally, "guarded, but a request is allowed", { documents, request });
  } else if (!verdict.decided) {
    tally.said.undecided += 1;
  } else if (!verdict.witness.exact) {
    tally.said.undocumented += 1;
  } else {
    tally.said.open += 1;
    const { action, resource } = verdict.witness;
    // The evaluator takes only actions that exist, on resources that they have.
    const real = MEMBER_REQUESTS.find((each) => each.action === action && each.resource === resource);
    if (real === undefined) return;
    const principal = verdict.witness.caller === "user" ? ALICE : GUEST;
    const witness = { ...verdict.witness, principal, action: "sts:AssumeRole" as const };
    const arn = witness.request.get("aws:principalarn") ?? [principal];
    const request = {
      ...requestOf({ ...witness, request: new Map([...witness.request, ["aws:principalarn", arn]]) }, VALUES),
      ...real,
    };
    tally.witnesses += 1;
    if (await mayDo(documents, request)) return;
    falseAlarm(tally, "a witness is not allowed", { documents, request });
  }
}

/** A request of a member without MFA that the policies do not stop. */
export async function getsThrough(
  documents: readonly object[],
  pick: Random,
  tally: Tally,
): Promise<Request | undefined> {
  const member = MEMBERS[pick(2)] ?? MEMBERS[0];
  const may = async (caller: Caller, mfa: Request["context"], asked: Asked) => {
    const keys = callerKeys(caller, "aws:MultiFactorAuthPresent" in mfa);
    const context = { ...mfa, ...others(VALUES, pick), ...keys };
    const request = { principal: caller.principal, ...asked, context };
    tally.requests += 1;
    return (await mayDo(documents, request)) ? request : undefined;
  };
  const opensSession = await may(member, {}, FEDERATION);
  for (const caller of opensSession === undefined ? [member] : [member, MEMBERS_SESSION]) {
    for (const mfa of contextsOf(caller, pick)) {
      for (const each of MEMBER_REQUESTS) {
        if (caller !== member && each.action.startsWith("sts:")) continue;
        const request = await may(caller, mfa, each);
        if (request !== undefined) return request;
      }
    }
  }
  return undefined;
}
