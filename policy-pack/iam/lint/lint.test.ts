import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePolicy } from "../policy/parse";
import { Unknown } from "../policy/unknown";
import type { IneffectiveCondition, PolicyUse } from "./ineffective";
import { lintConditions } from "./lint";

type Json = Readonly<Record<string, unknown>>;

const PRESENT = "aws:MultiFactorAuthPresent";
const AGE = "aws:MultiFactorAuthAge";
const YES = { [PRESENT]: "true" };
const NO = { [PRESENT]: "false" };
const HOUR = { [AGE]: "3600" };

function allow(Condition: unknown, more: Json = {}): Json {
  return { Effect: "Allow", Action: "s3:*", Resource: "*", Condition, ...more };
}

function deny(Condition: unknown, more: Json = {}): Json {
  return { Effect: "Deny", Action: "*", Resource: "*", Condition, ...more };
}

function trust(Effect: "Allow" | "Deny", Principal: unknown, Condition: unknown): Json {
  return { Effect, Action: "sts:AssumeRole", Principal, Condition };
}

function findingsIn(use: PolicyUse, statements: readonly unknown[]): readonly IneffectiveCondition[] {
  const parsed = parsePolicy(
    { Version: "2012-10-17", Statement: statements },
    use === "trust" ? "trust" : "identity",
  );
  if (!parsed.ok) throw new Error(parsed.errors.map(({ path, found }) => `${path}: ${found}`).join("; "));
  return lintConditions(parsed.policy, use);
}

/** The findings as "statement: operator, kind". */
function said(use: PolicyUse, ...statements: unknown[]): readonly string[] {
  return findingsIn(use, statements).map(
    ({ statement, operator, kind }) => `${statement}: ${operator} ${kind}`,
  );
}

/** Conditions that work as written; section 2 of the specification. */
const GOOD: readonly (readonly [name: string, ...statements: Json[]])[] = [
  ["Allow, Bool true", allow({ Bool: YES })],
  ["Allow, StringEquals true", allow({ StringEquals: YES })],
  ["Allow, ForAnyValue:Bool true", allow({ "ForAnyValue:Bool": YES })],
  ["Allow, NumericLessThan an hour", allow({ NumericLessThan: HOUR })],
  ["Allow, Null false for the age", allow({ Null: { [AGE]: "false" } })],
  ["Allow, BoolIfExists true and Null false", allow({ BoolIfExists: YES, Null: NO })],
  [
    "Allow, BoolIfExists true and NumericLessThan an hour",
    allow({ BoolIfExists: YES, NumericLessThan: HOUR }),
  ],
  ["Deny, BoolIfExists false", deny({ BoolIfExists: NO })],
  ["Deny, ForAnyValue:BoolIfExists false", deny({ "ForAnyValue:BoolIfExists": NO })],
  ["Deny, ForAllValues:Bool false", deny({ "ForAllValues:Bool": NO })],
  ["Deny, NumericGreaterThanIfExists an hour", deny({ NumericGreaterThanIfExists: HOUR })],
  ["Deny, NumericGreaterThanEqualsIfExists an hour", deny({ NumericGreaterThanEqualsIfExists: HOUR })],
  ["Deny, Null true for the age", deny({ Null: { [AGE]: "true" } })],
  ["two Denies, one for each context", deny({ Bool: NO }), deny({ Null: YES })],
  [
    "a Deny of old MFA beside a Deny of no MFA",
    deny({ BoolIfExists: NO }),
    deny({ NumericGreaterThan: HOUR }),
  ],
  ["a narrow Deny beside a wide one", deny({ Bool: NO }, { Action: "s3:Get*" }), deny({ BoolIfExists: NO })],
];

describe("an effective condition", () => {
  it.each(GOOD)("has no finding: %s", (_name, ...statements) => {
    expect(findingsIn("member", statements)).toEqual([]);
  });

  it("is not required in a policy without MFA conditions", () => {
    const external = trust(
      "Allow",
      { AWS: "111122223333" },
      { StringEquals: { "sts:ExternalId": "ticket" } },
    );
    expect(said("trust", external)).toEqual([]);
    expect(said("role-permissions", allow({ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }))).toEqual([]);
  });
});

describe("an Allow that is met without MFA", () => {
  it.each([
    ["BoolIfExists", YES, "allows-absent"],
    ["ForAllValues:Bool", YES, "allows-absent"],
    ["StringNotEquals", NO, "allows-absent"],
    ["Null", NO, "allows-false"],
    ["Bool", NO, "allows-false"],
    ["BoolIfExists", NO, "allows-both"],
    ["Null", YES, "allows-absent"],
    ["Null", { [AGE]: "true" }, "allows-both"],
    ["NumericLessThanIfExists", HOUR, "allows-both"],
    ["NumericNotEquals", { [AGE]: 0 }, "allows-both"],
    ["ForAllValues:Null", NO, "allows-both"],
  ])("with %s %o is reported as %s", (operator, keys, kind) => {
    expect(said("member", allow({ [operator]: keys }))).toEqual([`0: ${operator} ${kind}`]);
  });

  it("is found even if a Deny covers it", () => {
    expect(said("member", allow({ BoolIfExists: YES }), deny({ BoolIfExists: NO }))).toEqual([
      "0: BoolIfExists allows-absent",
    ]);
  });

  it("has a finding for each condition that is met", () => {
    const found = findingsIn("member", [allow({ BoolIfExists: YES, NumericLessThanIfExists: HOUR })]);
    expect(found.map(({ key }) => key)).toEqual([PRESENT, AGE]);
  });
});

describe("a Deny that lets requests without MFA through", () => {
  it.each([
    ["Bool", NO, "misses-absent"],
    ["ForAnyValue:Bool", NO, "misses-absent"],
    ["Null", YES, "misses-false"],
    ["NumericGreaterThan", HOUR, "misses-both"],
  ])("with %s %o is reported as %s", (operator, keys, kind) => {
    expect(said("member", deny({ [operator]: keys }))).toEqual([`0: ${operator} ${kind}`]);
  });

  it("is reported by its place and kind, without a value of the document", () => {
    expect(findingsIn("member", [deny({ Bool: NO }, { Sid: "DenyWithoutMfa" })])).toEqual([
      {
        statement: 0,
        sid: "DenyWithoutMfa",
        operator: "Bool",
        key: PRESENT,
        kind: "misses-absent",
        effect: "Deny",
      },
    ]);
  });

  it("is not covered by a Deny of other actions, resources or conditions", () => {
    const other = [
      { Action: "ec2:*" },
      { Resource: "arn:aws:s3:::example-bucket" },
      { Condition: { Null: YES, IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } },
    ];
    for (const more of other) {
      expect(said("member", deny({ Bool: NO }), deny({ Null: YES }, more))).toContain(
        "0: Bool misses-absent",
      );
    }
  });

  it("is covered by several Denies together", () => {
    const both = deny({ Bool: NO }, { Action: ["s3:*", "iam:*"] });
    expect(said("member", both, deny({ Null: YES }, { Action: "s3:*" }))).toHaveLength(1);
    const parts = [deny({ Null: YES }, { Action: "s3:*" }), deny({ Null: YES }, { Action: "iam:*" })];
    expect(said("member", both, ...parts).filter((each) => each.startsWith("0"))).toEqual([]);
  });

  it("is covered by a Deny with the same NotAction, policy variable and further condition", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
    const same = { Action: undefined, NotAction: "iam:*", Resource: "arn:aws:iam::*:user/${aws:username}" };
    const inOffice = { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } };
    const pair = [deny({ Bool: NO, ...inOffice }, same), deny({ Null: YES, ...inOffice }, same)];
    expect(said("member", ...pair)).toEqual([]);
    expect(said("member", ...pair.slice(0, 1))).toEqual(["0: Bool misses-absent"]);
  });

  it("is covered in a trust policy by a Deny of the same or more principals", () => {
    const account = { AWS: "111122223333" };
    const missing = trust("Deny", account, { Bool: NO });
    expect(said("trust", missing)).toEqual(["0: Bool misses-absent"]);
    expect(said("trust", missing, trust("Deny", account, { Null: YES }))).toEqual([]);
    expect(said("trust", missing, trust("Deny", "*", { BoolIfExists: NO }))).toEqual([]);
    const alice = { AWS: "arn:aws:iam::111122223333:user/alice" };
    expect(said("trust", missing, trust("Deny", alice, { BoolIfExists: NO }))).toEqual([
      "0: Bool misses-absent",
    ]);
  });
});

describe("a statement with the wrong effect", () => {
  it.each([
    [
      "never fires, as a Deny that requires both contexts",
      deny({ Bool: NO, Null: YES }),
      "0: Bool never-met",
    ],
    [
      "never fires, due to a set operator on Null",
      deny({ "ForAnyValue:Null": YES }),
      "0: ForAnyValue:Null never-met",
    ],
    [
      "never allows, due to a value that the key never has",
      allow({ StringEquals: { [PRESENT]: "yes" } }),
      "0: StringEquals never-met",
    ],
    ["denies requests with MFA", deny({ Bool: YES }), "0: Bool denies-mfa"],
    ["denies every request", deny({ "ForAllValues:Null": YES }), "0: ForAllValues:Null denies-mfa"],
    ["denies recent MFA", deny({ NumericLessThanIfExists: HOUR }), "0: NumericLessThanIfExists denies-mfa"],
    ["denies sessions with and without MFA", deny({ Null: NO }), "0: Null denies-mfa"],
  ])("is reported if it %s", (_name, statement, finding) => {
    expect(said("member", statement)).toEqual([finding]);
  });

  it("is not an Allow that requires older MFA, unless its ages contradict each other", () => {
    expect(said("member", allow({ NumericGreaterThan: HOUR }))).toEqual([]);
    expect(said("member", allow({ NumericGreaterThan: HOUR, NumericLessThan: { [AGE]: 60 } }))).toEqual([
      "0: NumericGreaterThan never-met",
    ]);
  });
});

describe("an invalid condition", () => {
  it.each([
    ["true and false under Allow", allow({ Bool: { [PRESENT]: ["true", "False"] } }), "0: Bool both-values"],
    [
      "true and false under Deny",
      deny({ BoolIfExists: { [PRESENT]: [true, false] } }),
      "0: BoolIfExists both-values",
    ],
    [
      "true and false for Null",
      allow({ Bool: YES, Null: { [AGE]: ["true", "false"] } }),
      "0: Null both-values",
    ],
    ["a value that is not a boolean", allow({ Bool: { [PRESENT]: "yes" } }), "0: Bool not-a-boolean"],
    ["no value", deny({ BoolIfExists: { [PRESENT]: [] } }), "0: BoolIfExists undocumented"],
    ["a string operator under Deny", deny({ StringEquals: NO }), "0: StringEquals undocumented"],
    [
      "a numeric operator on the boolean key",
      allow({ NumericEquals: { [PRESENT]: 1 } }),
      "0: NumericEquals undocumented",
    ],
    ["a Boolean operator on the numeric key", allow({ Bool: { [AGE]: "true" } }), "0: Bool undocumented"],
  ])("is reported: %s", (_name, statement, finding) => {
    expect(said("member", statement)).toEqual([finding]);
  });

  it("with a misspelled MFA key in any case is reported with the right key", () => {
    const found = findingsIn("member", [allow({ Bool: { "AWS:MultifactorAuthPresents": "true" } })]);
    expect(found).toMatchObject([
      { kind: "misspelt-key", key: "aws:multifactorauthpresents", meant: PRESENT },
    ]);
  });
});

describe("the place of a condition", () => {
  it("makes every MFA condition in a role's permissions policy a finding", () => {
    expect(said("role-permissions", deny({ BoolIfExists: NO }), allow({ Bool: YES }))).toEqual([
      "0: BoolIfExists role-permissions",
      "1: Bool role-permissions",
    ]);
  });

  it("makes an MFA condition for services and federated principals alone a finding", () => {
    const machines = { Service: "ec2.amazonaws.com", Federated: "accounts.google.com" };
    expect(said("trust", trust("Allow", machines, { Bool: YES }))).toEqual([
      "0: Bool principals-without-mfa",
    ]);
    const mixed = { ...machines, AWS: "111122223333" };
    expect(said("trust", trust("Allow", mixed, { Bool: YES }))).toEqual([]);
  });
});

describe("an unknown value", () => {
  const later = new Unknown("later");

  it("of an MFA condition is no finding if it may be right", () => {
    expect(
      said("member", allow({ Bool: { [PRESENT]: later } }), deny({ Bool: { [PRESENT]: later } })),
    ).toEqual([]);
  });

  it("of an MFA condition is a finding if every value is wrong", () => {
    expect(said("member", allow({ BoolIfExists: { [PRESENT]: later } }))).toEqual([
      "0: BoolIfExists allows-absent",
    ]);
  });

  it("does not hide a certain finding", () => {
    expect(said("member", deny({ Bool: NO }, { Resource: later }))).toEqual(["0: Bool misses-absent"]);
    expect(said("trust", trust("Deny", { AWS: later }, { Bool: NO }))).toEqual(["0: Bool misses-absent"]);
  });

  it("counts as covering if the other Deny may turn out to match", () => {
    const here = { Resource: later };
    expect(
      said("member", deny({ Bool: NO }, here), deny({ Null: YES }, { Resource: new Unknown("other") })),
    ).toEqual([]);
    expect(said("member", deny({ Bool: NO }), later)).toEqual([]);
  });
});

describe("findings", () => {
  const spelling = fc.array(fc.boolean(), { minLength: 32, maxLength: 32 });
  const written = (text: string, upper: readonly boolean[]) =>
    Array.from(text, (char, index) => (upper[index % 32] ? char.toUpperCase() : char.toLowerCase())).join("");

  /** The same document, with its condition keys in another case and its values as lists or not. */
  function rewritten(statement: Json, upper: readonly boolean[]): Json {
    const conditions = Object.entries(Object(statement.Condition)).map(([operator, keys]) => {
      const entries = Object.entries(Object(keys)).map(([key, value], index) => {
        const list = Array.isArray(value) ? value : [value];
        return [written(key, upper), upper[index] || list.length !== 1 ? list : list[0]] as const;
      });
      return [written(operator, upper), Object.fromEntries(entries)] as const;
    });
    return { ...statement, Condition: Object.fromEntries(conditions) };
  }

  const operators = ["Bool", "BoolIfExists", "ForAllValues:Bool", "ForAnyValue:Bool", "Null", "StringEquals"];
  const condition = fc.dictionary(
    fc.constantFrom(...operators),
    fc.constantFrom<Json>(YES, NO, { [PRESENT]: ["true", "false"] }, { "aws:MFAPresent": "true" }),
    { minKeys: 1, maxKeys: 3 },
  );
  const statement = fc.record({
    Effect: fc.constantFrom("Allow", "Deny"),
    Action: fc.constantFrom("*", "s3:*", ["s3:Get*", "iam:*"]),
    Resource: fc.constantFrom("*", "arn:aws:s3:::example-bucket/*"),
    Condition: condition,
  });

  it("do not depend on the case of keys and operators, nor on one value or a list of one", () => {
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 4 }), spelling, (statements, upper) => {
        const other = statements.map((each) => rewritten(each, upper));
        expect(findingsIn("member", other)).toEqual(findingsIn("member", statements));
      }),
    );
  });

  it("are none for effective conditions, whatever other conditions and statements are there", () => {
    const further = fc.constantFrom<Json>({}, { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } });
    fc.assert(
      fc.property(fc.constantFrom(...GOOD), further, spelling, (good, more, upper) => {
        const [, ...statements] = good;
        const narrowed = statements.map((each) => {
          const Condition = { ...Object(each.Condition), ...more };
          return rewritten({ ...each, Condition }, upper);
        });
        expect(findingsIn("member", [allow({}), ...narrowed, deny({}, { Action: "ec2:*" })])).toEqual([]);
      }),
    );
  });

  it("agree with the table of operators for one Allow or one Deny", () => {
    // What each operator does with an absent, a false and a true key.
    const table: Readonly<Record<string, readonly [boolean, boolean, boolean]>> = {
      'Bool "true"': [false, false, true],
      'Bool "false"': [false, true, false],
      'BoolIfExists "true"': [true, false, true],
      'BoolIfExists "false"': [true, true, false],
      'Null "true"': [true, false, false],
      'Null "false"': [false, true, true],
    };
    const rows = fc.subarray(Object.keys(table), { minLength: 1 }).filter((chosen) => {
      const names = chosen.map((row) => row.split(" ")[0]);
      return new Set(names).size === names.length;
    });
    fc.assert(
      fc.property(fc.constantFrom("Allow", "Deny"), rows, (Effect, chosen) => {
        const Condition = Object.fromEntries(
          chosen.map((row) => {
            const [operator = "", value = ""] = row.split(" ");
            return [operator, { [PRESENT]: JSON.parse(value) }];
          }),
        );
        const [absent, no, yes] = [0, 1, 2].map((context) =>
          chosen.every((row) => table[row]?.[context] === true),
        );
        const isRight = Effect === "Allow" ? !absent && !no && yes : absent && no && !yes;
        const found = findingsIn("member", [{ Effect, Action: "*", Resource: "*", Condition }]);
        expect(found.length === 0).toBe(isRight);
      }),
    );
  });
});
