import fc from "fast-check";
import { decideRecorded, parsePolicy, type RecordedRequest } from "../../../policy-pack/iam";
import type { Random } from "../../random";
import { type Area, count, falseAlarm, missed, type Tally } from "../area";
import { assuming, callerKeys, MEMBERS, others } from "../caller";
import { VALUES } from "../generate/condition";
import { guardDocument } from "../generate/guard";
import { ALICE, BUILD, BUILD_SESSION } from "../generate/principal";
import { trustDocument } from "../generate/trust";
import { mayAssume, mayDo, type Request, ROLE } from "../simulator";

/** Requests that were made, with a part of what they carried recorded. */
export const recorded: Area = {
  name: "recorded requests",
  share: 10,
  async compare(documents, seed, pick, tally) {
    const half = Math.ceil(documents / 2);
    for (const document of fc.sample(guardDocument, { numRuns: half, seed })) {
      const request = calledBy(MEMBERS[pick(2)] ?? MEMBERS[0], CALLS[pick(CALLS.length)], pick);
      await compareRecorded(document, request, false, tally);
    }
    for (const document of fc.sample(trustDocument, { numRuns: half, seed })) {
      const request = calledBy(CALLERS[pick(CALLERS.length)] ?? MEMBERS[0], undefined, pick);
      await compareRecorded(document, request, true, tally);
    }
  },
};

const CALLERS = [...MEMBERS, assuming("role", BUILD_SESSION, BUILD)];
/** The resource is not recorded, so they are such as have no ARN or any. */
const CALLS = [
  { action: "s3:ListAllMyBuckets", resource: "*" },
  { action: "iam:CreateAccessKey", resource: ALICE },
  { action: "iam:ListUsers", resource: "*" },
  { action: "s3:GetObject", resource: "arn:aws:s3:::example-bucket/report.csv" },
] as const;
const MFA: readonly Request["context"][] = [
  {},
  { "aws:MultiFactorAuthPresent": "false" },
  { "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "300" },
  { "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "90000" },
];

interface Made {
  readonly request: Request;
  readonly record: RecordedRequest;
  readonly isWhole: boolean;
}

function calledBy(
  caller: (typeof CALLERS)[number],
  { action, resource }: Pick<Request, "action" | "resource"> = { action: caller.action, resource: ROLE },
  pick: Random,
): Made {
  const mfa = MFA[pick(MFA.length)] ?? {};
  const carried = others(VALUES, pick);
  const own = callerKeys(caller, "aws:MultiFactorAuthPresent" in mfa);
  const isWhole = pick(2) === 0;
  const keys = Object.keys(VALUES).filter(() => isWhole || pick(2) === 0);
  const age = mfa["aws:MultiFactorAuthAge"];
  const isTold = isWhole || pick(3) > 0;
  const { kind, arn, principal } = caller;
  return {
    request: { principal, action, resource, context: { ...mfa, ...carried, ...own } },
    isWhole,
    record: {
      actions: isWhole || pick(2) === 0 ? [action] : [action.replace(/:.*/, ":*")],
      caller: {
        kind: kind === "role" ? "role" : "user",
        arn: isWhole || pick(2) === 0 ? arn : arn.replace(/:(user|role)\/.*/, ":$1/*"),
        ...(kind === "role" && { session: principal }),
      },
      mfa: !isTold
        ? { kind: "unknown" }
        : typeof age === "string"
          ? { kind: "true", ...(isWhole || pick(2) === 0 ? { ageSeconds: Number(age) } : {}) }
          : { kind: "aws:MultiFactorAuthPresent" in mfa ? "false" : "absent" },
      keys: new Map([
        ...keys.map((key) => [key.toLowerCase(), listOf(carried[key])] as const),
        ["aws:userid", [String(own["aws:userid"])]],
      ]),
    },
  };
}

function listOf(values: string | readonly string[] | undefined): readonly string[] | undefined {
  return typeof values === "string" ? [values] : values;
}

async function compareRecorded(
  document: object,
  { request, record, isWhole }: Made,
  grants: boolean,
  tally: Tally,
): Promise<void> {
  tally.documents += 1;
  const parsed = parsePolicy(document, grants ? "trust" : "identity");
  if (!parsed.ok)
    throw new Error(`the generator made a document that is refused: ${JSON.stringify(parsed.errors)}`);
  const outcome = decideRecorded(record, [parsed.policy], { grants });
  count(tally, `${isWhole ? "whole" : "partial"} ${outcome}`);
  if (outcome === "undecided") {
    tally.said.undecided += 1;
    return;
  }
  const passes = await (grants ? mayAssume(document, request) : mayDo([document], request));
  const about = { document, request, record: { ...record, keys: [...record.keys] } };
  if (outcome === "stopped") {
    tally.said.safe += 1;
    tally.requests += 1;
    if (passes) missed(tally, "stopped, but it is allowed", about);
  } else {
    tally.said.open += 1;
    tally.witnesses += 1;
    if (!passes) falseAlarm(tally, "passes, but it is denied", about);
  }
}
