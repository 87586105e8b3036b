import fc from "fast-check";
import type { Values } from "../caller";
import { conditionOn, DATE, documentOf, NUMERIC, on, several } from "./condition";
import { ALICE, BUILD, HOME } from "./principal";

/** Numbers that differ in their last place, beyond what a double holds, below zero, and written in several ways. */
const NUMBERS = [
  ...["-1", "-0.5", "-0", "0", "0.1", "0.10000000000000000001", "0.2", "00.20", "1e3", "1000", "1.0E+3"],
  ...["3599", "3599.999999999999999999", "3600", "3600.5", "3601", "-9007199254740993"],
  ...["9007199254740991", "9007199254740992", "9007199254740993", "18446744073709551616", "1e-7"],
];

/** Moments a millisecond apart and less, in several time zones and precisions, and far away. */
const DATES = [
  ...["2029-12-31T23:59:59Z", "2029-12-31T23:59:59.999Z", "2030-01-01T00:00:00Z", "2030-01-01T00:00:00.000Z"],
  ...["2030-01-01T00:00:00.001Z", "2030-01-01T00:00:00.0001Z", "2030-01-01T01:00:00+01:00", "2030-01-01"],
  ...["2030-01", "2030", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z"],
];

/** Seconds since 1970. */
const MOMENTS = ["1893455999", "1893456000", "1893456000.5", "1893456001", "-1", "253402300799"];

/** What requests carry: the same values, so that a condition is met at its edge as often as beside it. */
export const EDGES: Values = {
  "aws:PrincipalTag/level": NUMBERS,
  "aws:CurrentTime": DATES.filter((date) => date.includes(":")),
  "aws:EpochTime": MOMENTS,
};

/** Ages in whole seconds, as AWS gives them. */
export const AGES = NUMBERS.filter((text) => /^[1-9]\d*$/.test(text));

const entries = [
  on("aws:PrincipalTag/level", NUMERIC, several(...NUMBERS)),
  on("aws:PrincipalTag/level", NUMERIC, several(...NUMBERS)),
  on("aws:MultiFactorAuthAge", NUMERIC, several(...NUMBERS)),
  on("aws:CurrentTime", DATE, several(...DATES)),
  on("aws:EpochTime", DATE, several(...MOMENTS)),
];

const statement = fc
  .tuple(
    fc.constantFrom("Allow", "Allow", "Deny"),
    fc.constantFrom<unknown>("*", { AWS: HOME }, { AWS: ALICE }, { AWS: [ALICE, BUILD] }),
    conditionOn(entries),
  )
  .map(([Effect, Principal, Condition]) => ({ Effect, Principal, Action: "sts:AssumeRole", Condition }));

/** Trust policies whose conditions compare numbers and dates. */
export const edgeDocument = documentOf(statement);

/** The greatest age of an MFA that counts, in seconds; `undefined` for any. */
export const maxAge = fc.constantFrom(undefined, undefined, 0, 3599, 3600, 9007199254740991);
