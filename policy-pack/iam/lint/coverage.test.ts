import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePolicy } from "../policy/parse";
import { lintConditions } from "./lint";

/** One request of every kind that the documents below distinguish, in both contexts without MFA. */
const REQUESTS = ["s3:GetObject", "s3:PutObject", "iam:ListUsers", "ec2:RunInstances"].flatMap((action) =>
  ["arn:aws:s3:::inside/file", "arn:aws:s3:::outside"].flatMap((resource) =>
    [true, false].flatMap((inOffice) =>
      (["absent", "false"] as const).map((mfa) => ({ action, resource, inOffice, mfa })),
    ),
  ),
);
type Request = (typeof REQUESTS)[number];

const OPERATORS = ["Bool", "BoolIfExists", "Null"] as const;

interface Deny {
  readonly actions: readonly string[];
  readonly negated: boolean;
  readonly resource: string;
  readonly onlyInOffice: boolean;
  readonly operator: (typeof OPERATORS)[number];
}

function written(deny: Deny): unknown {
  const value = deny.operator === "Null" ? "true" : "false";
  return {
    Effect: "Deny",
    [deny.negated ? "NotAction" : "Action"]: deny.actions,
    Resource: deny.resource,
    Condition: {
      [deny.operator]: { "aws:MultiFactorAuthPresent": value },
      ...(deny.onlyInOffice ? { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } : {}),
    },
  };
}

/** Whether the statement matches the request, its MFA condition aside; every pattern ends in a star. */
function isAbout({ actions, negated, resource, onlyInOffice }: Deny, request: Request): boolean {
  const begins = (pattern: string, text: string) => text.startsWith(pattern.replace("*", ""));
  const isListed = actions.some((pattern) => begins(pattern, request.action));
  return isListed !== negated && begins(resource, request.resource) && (!onlyInOffice || request.inOffice);
}

function fires({ operator }: Deny, { mfa }: Request): boolean {
  if (operator === "BoolIfExists") return true;
  return (operator === "Null") === (mfa === "absent");
}

const deny: fc.Arbitrary<Deny> = fc.record({
  actions: fc.subarray(["*", "s3:*", "s3:Get*", "iam:*"], { minLength: 1 }),
  negated: fc.boolean(),
  resource: fc.constantFrom("*", "arn:aws:s3:::inside/*"),
  onlyInOffice: fc.boolean(),
  operator: fc.constantFrom(...OPERATORS),
});

describe("a Deny that misses a context without MFA", () => {
  it("is found exactly if no Deny fires on some request that it matches", () => {
    fc.assert(
      fc.property(fc.array(deny, { minLength: 1, maxLength: 5 }), (denies) => {
        const parsed = parsePolicy({ Version: "2012-10-17", Statement: denies.map(written) }, "identity");
        if (!parsed.ok) throw new Error("the document is not read");
        const isOpen = (request: Request) =>
          !denies.some((each) => isAbout(each, request) && fires(each, request));
        const expected = denies.flatMap((each, index) =>
          REQUESTS.some((request) => isAbout(each, request) && isOpen(request)) ? [index] : [],
        );
        const found = lintConditions(parsed.policy, "member").map(({ statement }) => statement);
        expect(found).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});
