import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decideGuard } from "../guard/decide";
import { decideTrust } from "../trust-policy/decide";
import { remediateTrust } from "../trust-policy/remediate";
import { DEFAULT_TRUST_RULES } from "../trust-policy/verdict";
import type { PolicyKind } from "./model";
import { parsePolicy } from "./parse";
import { Unknown } from "./unknown";

const TRUST = { Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "sts:AssumeRole" };
const IDENTITY = { Effect: "Deny", Action: "*", Resource: "*" };

/** The places that are refused, and what was found there. */
function refusals(document: unknown, kind: PolicyKind = "trust"): string[] {
  const parsed = parsePolicy(document, kind);
  return parsed.ok ? [] : parsed.errors.map(({ path, found }) => `${path}: ${found}`);
}

const of = (statement: unknown, more: object = {}) => ({
  Version: "2012-10-17",
  Statement: statement,
  ...more,
});

describe("a document that AWS accepts", () => {
  test.each<[string, unknown]>([
    ["a statement without a list", of(TRUST)],
    ["JSON text", JSON.stringify(of([TRUST]))],
    [
      "lists of one value each",
      of([{ ...TRUST, Action: ["sts:AssumeRole"], Principal: { AWS: ["111122223333"] } }]),
    ],
    [
      "element names in another case",
      { version: "2012-10-17", statement: [{ ...TRUST, ACTION: "sts:AssumeRole", Action: undefined }] },
    ],
    ["an Id, which has no effect", of([TRUST], { Id: "x" })],
  ])("has one normal form: %s", (_, document) => {
    const normal = parsePolicy(of([TRUST]), "trust");
    expect(parsePolicy(document, "trust")).toEqual(normal);
    expect(normal.ok).toBe(true);
  });

  test("is of version 2008-10-17 if it has no Version", () => {
    expect(parsePolicy({ Statement: TRUST }, "trust")).toMatchObject({
      ok: true,
      policy: { statements: [{ variables: false }] },
    });
  });

  test("has its Sid as text, even if it was a number", () => {
    const parsed = parsePolicy(of({ ...TRUST, Sid: 1 }), "trust");
    expect(parsed.ok && parsed.policy.statements[0]?.sid).toBe("1");
  });

  test("has condition values as text, even if they were numbers or booleans", () => {
    const parsed = parsePolicy(
      of({ ...TRUST, Condition: { Bool: { a: true }, NumericEquals: { b: [1, "2"] } } }),
      "trust",
    );
    expect(parsed.ok && parsed.policy.statements[0]?.conditions.map(({ values }) => values)).toEqual([
      ["true"],
      ["1", "2"],
    ]);
  });
});

describe("parsePolicy", () => {
  test.each<[string, unknown, string[]]>([
    ["a number in place of an object", 7, [": a number"]],
    ["text that is not JSON", "{", [": text that is not JSON"]],
    [
      "a repeated key",
      '{"Statement": [{"Effect": "Deny", "Effect": "Allow"}]}',
      ["Statement[0].Effect: the same key twice"],
    ],
    ["no Statement", { Version: "2012-10-17" }, [": no Statement"]],
    ["an empty list of statements", of([]), ["Statement: an empty list"]],
    ["an unknown version", of(TRUST, { Version: "2020-01-01" }), ["Version: text of another form"]],
    ["an unknown element", of({ ...TRUST, Actions: "x" }), ["Statement.Actions: an unknown element"]],
    [
      "an Effect in lower case",
      of([{ ...TRUST, Effect: "allow" }]),
      ["Statement[0].Effect: text of another form"],
    ],
    [
      "neither Action nor NotAction",
      of([{ ...TRUST, Action: undefined }]),
      ["Statement[0]: neither Action nor NotAction"],
    ],
    [
      "both Action and NotAction",
      of([{ ...TRUST, NotAction: "iam:*" }]),
      ["Statement[0]: both Action and NotAction"],
    ],
    [
      "an action without a service",
      of([{ ...TRUST, Action: "AssumeRole" }]),
      ["Statement[0].Action: text of another form"],
    ],
    [
      "no principal element",
      of([{ ...TRUST, Principal: undefined }]),
      ["Statement[0]: neither Principal nor NotPrincipal"],
    ],
    [
      "an account of 11 digits",
      of([{ ...TRUST, Principal: { AWS: ["11112222333"] } }]),
      ["Statement[0].Principal.AWS[0]: text of another form"],
    ],
    [
      "a group as a principal",
      of([{ ...TRUST, Principal: { AWS: "arn:aws:iam::111122223333:group/x" } }]),
      ["Statement[0].Principal.AWS: text of another form"],
    ],
    [
      "a wildcard within a principal's ARN",
      of([{ ...TRUST, Principal: { AWS: "arn:aws:iam::111122223333:user/*" } }]),
      ["Statement[0].Principal.AWS: text of another form"],
    ],
    ["a Resource in a trust policy", of([{ ...TRUST, Resource: "*" }]), ["Statement[0].Resource: Resource"]],
    [
      "an unknown operator",
      of([{ ...TRUST, Condition: { Boolean: {} } }]),
      ["Statement[0].Condition.Boolean: an unknown operator"],
    ],
    [
      "an operator without a key",
      of([{ ...TRUST, Condition: { Bool: {} } }]),
      ["Statement[0].Condition.Bool: an empty object"],
    ],
    [
      "an action with a look-alike letter",
      of([{ ...TRUST, Action: "\u017fts:AssumeRole" }]),
      ["Statement[0].Action: text of another form"],
    ],
    [
      "NullIfExists",
      of([{ ...TRUST, Condition: { NullIfExists: { a: "true" } } }]),
      ["Statement[0].Condition.NullIfExists: an unknown operator"],
    ],
    [
      "a word as a number",
      of([{ ...TRUST, Condition: { NumericLessThan: { a: "soon" } } }]),
      ["Statement[0].Condition.NumericLessThan.a: a value that the operator cannot compare"],
    ],
    ...["1e", " 3600 ", "+3600", "0x10", ".5", "3600s"].map((written): [string, unknown, string[]] => [
      `the ambiguous number ${JSON.stringify(written)}`,
      of([{ ...TRUST, Condition: { NumericLessThan: { a: written } } }]),
      ["Statement[0].Condition.NumericLessThan.a: a value that the operator cannot compare"],
    ]),
    [
      "an invalid address block",
      of([{ ...TRUST, Condition: { IpAddress: { a: "203.0.113.0/33" } } }]),
      ["Statement[0].Condition.IpAddress.a: a value that the operator cannot compare"],
    ],
    [
      "the same operator in two cases",
      of([{ ...TRUST, Condition: { Bool: { a: "true" }, bool: { b: "true" } } }]),
      ["Statement[0].Condition.bool: the same operator twice"],
    ],
    [
      "a repeated Sid",
      of([
        { ...TRUST, Sid: "a" },
        { ...TRUST, Sid: "a" },
      ]),
      ["Statement[1].Sid: the Sid of another statement"],
    ],
    [
      "several errors at once",
      of([{ Effect: "x" }, { Action: 1 }]),
      [
        "Statement[0].Effect: text of another form",
        "Statement[0]: neither Action nor NotAction",
        "Statement[0]: neither Principal nor NotPrincipal",
        "Statement[1].Effect: no Effect",
        "Statement[1].Action: a number",
        "Statement[1]: neither Principal nor NotPrincipal",
      ],
    ],
  ])("refuses a document with %s, and says where", (_, document, places) => {
    expect(refusals(document)).toEqual(places);
  });

  test("reads NotPrincipal in a trust policy, and lists it as refused by AWS", () => {
    const { Principal: _, ...rest } = TRUST;
    const parsed = parsePolicy(of([{ ...rest, NotPrincipal: { AWS: "111122223333" } }]), "trust");
    expect(parsed).toMatchObject({ ok: true, policy: { refused: [{ path: "Statement[0].NotPrincipal" }] } });
    expect(parsePolicy(of([TRUST]), "trust")).toMatchObject({ ok: true, policy: { refused: [] } });
  });

  test("keeps every digit of a JSON number", () => {
    const text = JSON.stringify(of([{ ...TRUST, Condition: { NumericEquals: { a: 1, b: "1" } } }]));
    const parsed = parsePolicy(text.replace('"a":1', '"a":9007199254740993'), "trust");
    expect(parsed).toMatchObject({
      ok: true,
      policy: { statements: [{ conditions: [{ values: ["9007199254740993"] }, { values: ["1"] }] }] },
    });
  });

  test("requires resources and refuses principals in an identity policy", () => {
    expect(refusals(of([IDENTITY]), "identity")).toEqual([]);
    expect(refusals(of([{ ...IDENTITY, Resource: undefined }]), "identity")).toEqual([
      "Statement[0]: neither Resource nor NotResource",
    ]);
    expect(refusals(of([{ ...IDENTITY, Principal: "*" }]), "identity")).toEqual([
      "Statement[0].Principal: Principal",
    ]);
  });

  test("quotes no value of the document in an error", () => {
    const secret = "correct-horse-battery";
    const parsed = parsePolicy(
      of([
        { ...TRUST, Effect: secret, Principal: { AWS: secret }, Condition: { NumericEquals: { a: secret } } },
      ]),
      "trust",
    );
    expect(parsed.ok).toBe(false);
    expect(JSON.stringify(parsed)).not.toContain(secret);
  });
});

describe("the core", () => {
  function decideAll(input: unknown): void {
    for (const kind of ["trust", "identity"] as const) {
      const parsed = parsePolicy(input, kind);
      if (!parsed.ok) {
        expect(parsed.errors.length).toBeGreaterThan(0);
        continue;
      }
      expect(["protected", "exempt", "anyone-with-mfa", "unknown", "bypassable"]).toContain(
        decideTrust(parsed.policy).kind,
      );
      expect(["guarded", "unknown", "open"]).toContain(decideGuard([parsed.policy]).kind);
    }
    const result = remediateTrust(input, DEFAULT_TRUST_RULES, { peopleArns: ["*"] });
    expect(["remediated", "sound", "left"]).toContain(result.kind);
  }

  test("decides any JSON without an exception", () => {
    fc.assert(fc.property(fc.jsonValue(), decideAll), { numRuns: 2000 });
  });

  test.each<[string, string]>([
    ["five million letters", `{"Statement": "${"a".repeat(5_000_000)}"}`],
    ["60,000 escapes", `{"Statement": "${"\\n".repeat(60_000)}"}`],
    ["60,000 nested brackets", `{"Statement": ${"[".repeat(60_000)}${"]".repeat(60_000)}}`],
  ])("decides %s without an exception", (_, text) => {
    decideAll(text);
  });

  // A regular expression that backtracks over every split would take minutes at these lengths.
  test.each<[string, object]>([
    ["a long service name", { Principal: { Service: `${"a.".repeat(100_000)}!` } }],
    ["a long provider name", { Principal: { Federated: `${"a.".repeat(100_000)}!` } }],
    ["a long role path", { Principal: { AWS: `arn:aws:iam::111122223333:role/${"a/".repeat(100_000)}:` } }],
    ["a long action", { Action: `${"a".repeat(200_000)}::` }],
    ["a long address", { Condition: { IpAddress: { "aws:SourceIp": "1:".repeat(100_000) } } }],
  ])("refuses %s with one error", (_, more) => {
    decideAll(of({ ...TRUST, ...more }));
    expect(refusals(of({ ...TRUST, ...more }))).toHaveLength(1);
  });

  test("decides any text, well-formed or not, without an exception", () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json()), decideAll), { numRuns: 2000 });
  });

  test("decides anything in the shape of a policy without an exception", () => {
    const word = fc.constantFrom<unknown>(
      "*",
      "Allow",
      "Deny",
      "sts:AssumeRole",
      "sts:*",
      "111122223333",
      "true",
      true,
      1,
      null,
      "",
      `\${x}`,
      "${",
      "a*?b",
      [],
      ["*", "x:y"],
      new Unknown("later"),
    );
    const value = fc.oneof(
      word,
      fc.string(),
      fc.dictionary(
        fc.constantFrom("AWS", "Service", "Federated", "Bool", "Null", "__proto__", "StringLike"),
        fc.oneof(
          word,
          fc.dictionary(
            fc.constantFrom("aws:MultiFactorAuthPresent", "constructor", "aws:MultiFactorAuthAge", "k"),
            word,
          ),
        ),
      ),
    );
    const statement = fc.dictionary(
      fc.constantFrom(
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "Condition",
      ),
      value,
    );
    const document = fc.record(
      { Version: word, Statement: fc.oneof(statement, fc.array(statement)) },
      { requiredKeys: [] },
    );
    fc.assert(fc.property(document, decideAll), { numRuns: 5000 });
  });
});
