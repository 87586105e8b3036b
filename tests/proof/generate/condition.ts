import fc from "fast-check";
import { ALICE, AWAY, BOB, BUILD, HOME } from "./principal";

/** One value or several, as a list or bare. */
export function oneOrMore<T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> {
  return fc.oneof(values, fc.uniqueArray(values, { minLength: 1, maxLength: 3 }));
}

/** One operator with its key and values. */
type Entry = readonly [operator: string, key: string, values: unknown];

type Choice<T> = fc.Arbitrary<T> | readonly T[];

function chosen<T>(from: Choice<T>): fc.Arbitrary<T> {
  return from instanceof fc.Arbitrary ? from : fc.constantFrom(...from);
}

/** An operator on a key. */
export function on(
  key: string | Choice<string>,
  operators: Choice<string>,
  values: Choice<unknown>,
): fc.Arbitrary<Entry> {
  return fc.tuple(chosen(operators), chosen(typeof key === "string" ? [key] : key), chosen(values));
}

/** Operators, some of them with `IfExists`. */
function orIfExists(...operators: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...operators), fc.constantFrom("", "", "IfExists"))
    .map((parts) => parts.join(""));
}

/** One of the values or several. */
export function several(...values: readonly string[]): fc.Arbitrary<string | string[]> {
  return oneOrMore(fc.constantFrom(...values));
}

const MFA_KEY = ["aws:MultiFactorAuthPresent", "AWS:multifactorauthpresent"];
const MFA_AGE = "aws:MultiFactorAuthAge";
const TRUE_OR_FALSE = ["true", "false"];
const BOOLEAN = fc.constantFrom<string | boolean>("true", "false", "True", true, false);
const PREFIX = fc.constantFrom("", "", "", "ForAllValues:", "ForAnyValue:");

const COMPARISONS = ["LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals", "Equals", "NotEquals"];
export const NUMERIC = orIfExists(...COMPARISONS.map((comparison) => `Numeric${comparison}`));
export const DATE = orIfExists(...COMPARISONS.map((comparison) => `Date${comparison}`));

const onMfa: fc.Arbitrary<Entry> = fc.oneof(
  on(
    MFA_KEY,
    fc.tuple(PREFIX, orIfExists("Bool")).map((parts) => parts.join("")),
    oneOrMore(BOOLEAN),
  ),
  on(MFA_KEY, ["Bool", "BoolIfExists"], TRUE_OR_FALSE),
  on(MFA_KEY, ["Null"], TRUE_OR_FALSE),
  on(MFA_AGE, ["Null"], TRUE_OR_FALSE),
  on(MFA_AGE, NUMERIC, ["0", "300", "3600", "86400", "-1", "3600.5"]),
  on(MFA_KEY, orIfExists("StringEquals", "StringNotEquals", "StringLike"), ["true", "false", "t*"]),
);

const TEXT_OPERATORS = [
  ...["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"],
  ...["StringLike", "StringNotLike"],
];

/** Values that requests carry too, so that conditions on these keys are met as often as not. */
export const VALUES = {
  "sts:ExternalId": ["blue", "green", "BLUE"],
  "aws:PrincipalTag/team": ["storage", "network"],
  "aws:SourceIp": ["203.0.113.7", "198.51.100.9", "2001:db8::7"],
  "aws:SecureTransport": ["true", "false"],
  "aws:CurrentTime": ["2029-06-01T00:00:00Z", "2031-06-01T00:00:00Z"],
} as const;

const ofTheRequest: readonly fc.Arbitrary<Entry>[] = [
  on(
    "aws:PrincipalTag/team",
    orIfExists(...TEXT_OPERATORS),
    several("blue", "green", "b*", "*", "storage", "?torage", "sto*e", "network"),
  ),
  on(
    "aws:SourceIp",
    orIfExists("IpAddress", "NotIpAddress"),
    several("203.0.113.0/24", "198.51.100.0/24", "128.0.0.0/1", "203.0.113.7/32", "2001:db8::/32"),
  ),
  on("aws:SecureTransport", ["Bool", "BoolIfExists"], BOOLEAN),
  on("aws:PrincipalTag/team", ["Null"], TRUE_OR_FALSE),
  on(
    "aws:CurrentTime",
    ["DateGreaterThan", "DateLessThan", "DateLessThanEquals"],
    ["2030-01-01T00:00:00Z", "2031-06-01T00:00:00Z"],
  ),
  on(
    "aws:PrincipalArn",
    ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"],
    several(
      ...[ALICE, BOB, BUILD, `arn:aws:iam::${HOME}:user/*`],
      ...["arn:aws:iam::*:role/*", "arn:aws:iam::*:user/team/?ob"],
    ),
  ),
  on("aws:PrincipalAccount", ["StringEquals", "StringNotEquals", "StringLike"], [HOME, AWAY, "1111*"]),
];

/** Keys that who calls decides. */
const ofTheCaller: readonly fc.Arbitrary<Entry>[] = [
  on(
    "aws:PrincipalType",
    ["StringEquals", "StringNotEquals", "StringEqualsIfExists"],
    several("User", "AssumedRole", "Account"),
  ),
  on(
    "aws:username",
    ["StringEquals", "StringNotEquals", "StringLike", "StringLikeIfExists"],
    several("alice", "bob", "b*", "*", "team"),
  ),
  on(
    ["aws:username", "aws:TokenIssueTime", "aws:userid", "aws:PrincipalServiceName"],
    ["Null"],
    TRUE_OR_FALSE,
  ),
  on("aws:PrincipalIsAWSService", ["Bool"], TRUE_OR_FALSE),
  on("aws:userid", ["StringLike", "StringNotLike"], ["AIDA*", "AROA*", "*:session"]),
];

export const onEveryRequest = [...ofTheRequest, ...ofTheCaller];

/** The same keys more often, and those of services too. */
export const onTheCaller: readonly fc.Arbitrary<Entry>[] = [
  ...onEveryRequest,
  ...ofTheCaller,
  on(
    "aws:PrincipalServiceName",
    ["StringEquals", "StringLike", "StringNotEquals", "StringEqualsIfExists"],
    ["ec2.amazonaws.com", "*.amazonaws.com"],
  ),
  on(
    "aws:TokenIssueTime",
    ["DateGreaterThan", "DateLessThan", "DateGreaterThanIfExists"],
    ["2029-01-01T00:00:00Z", "2031-01-01T00:00:00Z"],
  ),
  on("aws:PrincipalIsAWSService", ["Null", "Null", "Bool", "BoolIfExists"], TRUE_OR_FALSE),
];

/** `sts:ExternalId` comes with `sts:AssumeRole` alone. */
export const onAssumeRole: readonly fc.Arbitrary<Entry>[] = [
  on("sts:ExternalId", orIfExists(...TEXT_OPERATORS), several("blue", "green", "b*", "*", "?lue", "bl*e")),
  on("sts:ExternalId", ["Null"], TRUE_OR_FALSE),
];

/** Conditions by operator; a key that comes twice under one operator keeps its last values. */
export function conditionOn(
  others: readonly fc.Arbitrary<Entry>[],
): fc.Arbitrary<Record<string, Record<string, unknown>>> {
  return fc
    .tuple(fc.array(onMfa, { maxLength: 2 }), fc.array(fc.oneof(...others), { maxLength: 2 }))
    .map(([mfa, more]) => {
      const built: Record<string, Record<string, unknown>> = {};
      for (const [operator, key, values] of [...mfa, ...more]) {
        const keys = built[operator] ?? {};
        for (const same of Object.keys(keys)) if (same.toLowerCase() === key.toLowerCase()) delete keys[same];
        built[operator] = { ...keys, [key]: values };
      }
      return built;
    });
}

const VERSION = fc.constantFrom("2012-10-17", "2012-10-17", "2008-10-17");

/** A document of one statement or a few. */
export function documentOf(statement: fc.Arbitrary<object>): fc.Arbitrary<object> {
  return fc
    .tuple(VERSION, fc.oneof(statement, fc.array(statement, { minLength: 1, maxLength: 4 })))
    .map(([Version, Statement]) => ({ Version, Statement }));
}
