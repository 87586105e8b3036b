import fc from "fast-check";
import { ALICE, AWAY, BOB, BUILD, HOME } from "./principal";

/** One value or several, as a list or bare. */
export function oneOrMore<T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> {
  return fc.oneof(values, fc.uniqueArray(values, { minLength: 1, maxLength: 3 }));
}

const MFA_KEY = fc.constantFrom("aws:MultiFactorAuthPresent", "AWS:multifactorauthpresent");
const BOOLEAN = fc.constantFrom<string | boolean>("true", "false", "True", true, false);
const SUFFIX = fc.constantFrom("", "", "IfExists");
const PREFIX = fc.constantFrom("", "", "", "ForAllValues:", "ForAnyValue:");
const AGE = fc.constantFrom("0", "300", "3600", "86400", "-1", "3600.5");
const ORDER = [
  "NumericLessThan",
  "NumericLessThanEquals",
  "NumericGreaterThan",
  "NumericGreaterThanEquals",
  "NumericEquals",
  "NumericNotEquals",
];

/** One operator with its key and values. */
export type Entry = readonly [operator: string, key: string, values: unknown];

const onMfa: fc.Arbitrary<Entry> = fc.oneof(
  fc.tuple(
    fc.tuple(PREFIX, SUFFIX).map(([prefix, suffix]) => `${prefix}Bool${suffix}`),
    MFA_KEY,
    oneOrMore(BOOLEAN),
  ),
  fc.tuple(fc.constantFrom("Bool", "BoolIfExists"), MFA_KEY, fc.constantFrom("true", "false")),
  fc.tuple(fc.constant("Null"), MFA_KEY, fc.constantFrom("true", "false")),
  fc.tuple(fc.constant("Null"), fc.constant("aws:MultiFactorAuthAge"), fc.constantFrom("true", "false")),
  fc.tuple(
    fc.tuple(fc.constantFrom(...ORDER), SUFFIX).map(([name, suffix]) => `${name}${suffix}`),
    fc.constant("aws:MultiFactorAuthAge"),
    AGE,
  ),
  fc.tuple(
    fc
      .tuple(fc.constantFrom("StringEquals", "StringNotEquals", "StringLike"), SUFFIX)
      .map((parts) => parts.join("")),
    MFA_KEY,
    fc.constantFrom("true", "false", "t*"),
  ),
);

const TEXT_OPERATORS = [
  "StringEquals",
  "StringNotEquals",
  "StringEqualsIgnoreCase",
  "StringNotEqualsIgnoreCase",
  "StringLike",
  "StringNotLike",
];
const ARN_OPERATORS = ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"];

/** Values that requests carry too, so that conditions on these keys are met as often as not. */
export const VALUES = {
  "sts:ExternalId": ["blue", "green", "BLUE"],
  "aws:PrincipalTag/team": ["storage", "network"],
  "aws:SourceIp": ["203.0.113.7", "198.51.100.9", "2001:db8::7"],
  "aws:SecureTransport": ["true", "false"],
  "aws:CurrentTime": ["2029-06-01T00:00:00Z", "2031-06-01T00:00:00Z"],
} as const;

const ofTheRequest: readonly fc.Arbitrary<Entry>[] = [
  fc.tuple(
    fc.tuple(fc.constantFrom(...TEXT_OPERATORS), SUFFIX).map((parts) => parts.join("")),
    fc.constant("aws:PrincipalTag/team"),
    oneOrMore(fc.constantFrom("blue", "green", "b*", "*", "storage", "?torage", "sto*e", "network")),
  ),
  fc.tuple(
    fc.tuple(fc.constantFrom("IpAddress", "NotIpAddress"), SUFFIX).map((parts) => parts.join("")),
    fc.constant("aws:SourceIp"),
    oneOrMore(
      fc.constantFrom("203.0.113.0/24", "198.51.100.0/24", "128.0.0.0/1", "203.0.113.7/32", "2001:db8::/32"),
    ),
  ),
  fc.tuple(fc.constantFrom("Bool", "BoolIfExists"), fc.constant("aws:SecureTransport"), BOOLEAN),
  fc.tuple(fc.constant("Null"), fc.constant("aws:PrincipalTag/team"), fc.constantFrom("true", "false")),
  fc.tuple(
    fc.constantFrom("DateGreaterThan", "DateLessThan", "DateLessThanEquals"),
    fc.constant("aws:CurrentTime"),
    fc.constantFrom("2030-01-01T00:00:00Z", "2031-06-01T00:00:00Z"),
  ),
  fc.tuple(
    fc.constantFrom(...ARN_OPERATORS),
    fc.constant("aws:PrincipalArn"),
    oneOrMore(
      fc.constantFrom(
        ALICE,
        BOB,
        BUILD,
        `arn:aws:iam::${HOME}:user/*`,
        `arn:aws:iam::*:role/*`,
        "arn:aws:iam::*:user/team/?ob",
      ),
    ),
  ),
  fc.tuple(
    fc.constantFrom("StringEquals", "StringNotEquals", "StringLike"),
    fc.constant("aws:PrincipalAccount"),
    fc.constantFrom(HOME, AWAY, "1111*"),
  ),
];

/** Keys that who calls decides. */
const ofTheCaller: readonly fc.Arbitrary<Entry>[] = [
  fc.tuple(
    fc.constantFrom("StringEquals", "StringNotEquals", "StringEqualsIfExists"),
    fc.constant("aws:PrincipalType"),
    oneOrMore(fc.constantFrom("User", "AssumedRole", "Account")),
  ),
  fc.tuple(
    fc.constantFrom("StringEquals", "StringNotEquals", "StringLike", "StringLikeIfExists"),
    fc.constant("aws:username"),
    oneOrMore(fc.constantFrom("alice", "bob", "b*", "*", "team")),
  ),
  fc.tuple(
    fc.constant("Null"),
    fc.constantFrom("aws:username", "aws:TokenIssueTime", "aws:userid", "aws:PrincipalServiceName"),
    fc.constantFrom("true", "false"),
  ),
  fc.tuple(fc.constant("Bool"), fc.constant("aws:PrincipalIsAWSService"), fc.constantFrom("true", "false")),
  fc.tuple(
    fc.constantFrom("StringLike", "StringNotLike"),
    fc.constant("aws:userid"),
    fc.constantFrom("AIDA*", "AROA*", "*:session"),
  ),
];

export const onEveryRequest = [...ofTheRequest, ...ofTheCaller];

/** The same keys more often, and those of services too. */
export const onTheCaller: readonly fc.Arbitrary<Entry>[] = [
  ...onEveryRequest,
  ...ofTheCaller,
  fc.tuple(
    fc.constantFrom("StringEquals", "StringLike", "StringNotEquals", "StringEqualsIfExists"),
    fc.constant("aws:PrincipalServiceName"),
    fc.constantFrom("ec2.amazonaws.com", "*.amazonaws.com"),
  ),
  fc.tuple(
    fc.constantFrom("DateGreaterThan", "DateLessThan", "DateGreaterThanIfExists"),
    fc.constant("aws:TokenIssueTime"),
    fc.constantFrom("2029-01-01T00:00:00Z", "2031-01-01T00:00:00Z"),
  ),
  fc.tuple(
    fc.constantFrom("Null", "Null", "Bool", "BoolIfExists"),
    fc.constantFrom("aws:PrincipalIsAWSService"),
    fc.constantFrom("true", "false"),
  ),
];

/** `sts:ExternalId` comes with `sts:AssumeRole` alone. */
export const onAssumeRole: readonly fc.Arbitrary<Entry>[] = [
  fc.tuple(
    fc.tuple(fc.constantFrom(...TEXT_OPERATORS), SUFFIX).map((parts) => parts.join("")),
    fc.constant("sts:ExternalId"),
    oneOrMore(fc.constantFrom("blue", "green", "b*", "*", "?lue", "bl*e")),
  ),
  fc.tuple(fc.constant("Null"), fc.constant("sts:ExternalId"), fc.constantFrom("true", "false")),
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
