import fc from "fast-check";
import { ROLE } from "../simulator";
import { conditionOn, documentOf, onEveryRequest, oneOrMore } from "./condition";
import { ALICE, AWAY, BUILD, BUILD_SESSION, HOME, STRANGER } from "./principal";

/** An SCP or RCP, with the accounts under it. */
export interface GivenLimit {
  readonly kind: "SCP" | "RCP";
  readonly name: string;
  readonly document: { readonly Version: string; readonly Statement: readonly object[] };
  readonly accounts: readonly string[];
}

/** AWS takes all of these in an RCP. */
const actions = fc.constantFrom<object>(
  { Action: "sts:AssumeRole" },
  { Action: ["sts:*"] },
  { Action: "sts:Assume*" },
);
const actionsOfScp = fc.oneof(
  actions,
  fc.constantFrom<object>(
    { Action: "*" },
    { NotAction: ["iam:*", "sts:GetSessionToken"] },
    { NotAction: "sts:AssumeRole*" },
  ),
);
const resources = fc.oneof(
  { weight: 4, arbitrary: fc.constant<object>({ Resource: "*" }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<object>(
      { Resource: ROLE },
      { Resource: ["arn:*:iam::*:role/tar*"] },
      { Resource: `${ROLE}-other` },
      { NotResource: ROLE },
      { NotResource: `${ROLE}-other` },
    ),
  },
);
const conditions = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom<object>(
      { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
      { Null: { "aws:MultiFactorAuthAge": "true" } },
      {
        BoolIfExists: { "aws:MultiFactorAuthPresent": "false" },
        ArnLike: { "aws:PrincipalArn": "arn:*:iam::*:user/*" },
      },
    ),
  },
  { weight: 1, arbitrary: conditionOn(onEveryRequest) },
);
const denies = (asked: fc.Arbitrary<object>, more: object) =>
  fc.array(fc.tuple(asked, resources, conditions), { minLength: 1, maxLength: 3 }).map((all) =>
    all.map(([action, resource, Condition]) => ({
      Effect: "Deny",
      ...more,
      ...action,
      ...resource,
      Condition,
    })),
  );
const documents = {
  SCP: denies(actionsOfScp, {}),
  RCP: denies(actions, { Principal: "*" }),
};

/** A trust policy that is open, to somebody whom an organization's policies may close it to. */
export const openDocument = documentOf(
  fc
    .tuple(
      oneOrMore(fc.constantFrom(HOME, AWAY, ALICE, BUILD, BUILD_SESSION, STRANGER, "*")),
      fc.oneof(
        { weight: 3, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: conditionOn(onEveryRequest) },
      ),
    )
    .map(([AWS, Condition]) => ({
      Effect: "Allow",
      Principal: { AWS },
      Action: "sts:AssumeRole",
      Condition,
    })),
);

const named = (
  kind: GivenLimit["kind"],
  Statement: readonly object[],
  accounts: readonly string[],
): GivenLimit => {
  const document = { Version: "2012-10-17", Statement };
  return { kind, name: `${kind} ${JSON.stringify(document)}`, document, accounts };
};

const limit: fc.Arbitrary<GivenLimit> = fc
  .constantFrom("SCP", "RCP")
  .chain((kind) =>
    fc
      .tuple(documents[kind], fc.subarray([HOME, AWAY], { minLength: 1 }))
      .map(([Statement, accounts]) => named(kind, Statement, accounts)),
  );

/** What closes most roles to all, or to whoever is of the organization. */
const closing = fc
  .tuple(
    fc.constantFrom("SCP", "RCP"),
    fc.constantFrom<object>(
      {},
      { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
      { NumericGreaterThanIfExists: { "aws:MultiFactorAuthAge": "0" } },
    ),
  )
  .map(([kind, Condition]): GivenLimit => {
    const who = kind === "RCP" ? { Principal: "*" } : {};
    const deny = { Effect: "Deny", ...who, Action: "sts:AssumeRole", Resource: "*", Condition };
    return named(kind, [deny], [HOME, AWAY]);
  });

/** SCPs and RCPs of an organization. */
export const limitsOf: fc.Arbitrary<readonly GivenLimit[]> = fc
  .tuple(
    fc.array(limit, { minLength: 1, maxLength: 2 }),
    fc.option(closing, { nil: undefined }),
    fc.boolean(),
  )
  .map(([some, more, first]) => {
    if (more === undefined) return some;
    return first ? [more, ...some] : [...some, more];
  });
