import fc from "fast-check";
import { FEDERATED } from "../caller";
import { conditionOn, documentOf, onAssumeRole, onEveryRequest, oneOrMore, onTheCaller } from "./condition";
import { ALICE, AWAY, BOB, BUILD, BUILD_SESSION, GUEST, HOME, STRANGER } from "./principal";

const EFFECT = fc.constantFrom("Allow", "Allow", "Deny");

const awsPrincipal = fc.constantFrom(
  HOME,
  `arn:aws:iam::${HOME}:root`,
  ALICE,
  BOB,
  BUILD,
  BUILD_SESSION,
  STRANGER,
  GUEST,
  AWAY,
);
const principals = fc.oneof(
  { weight: 5, arbitrary: oneOrMore(awsPrincipal).map((AWS) => ({ Principal: { AWS } })) },
  { weight: 2, arbitrary: fc.constantFrom({ Principal: "*" }, { Principal: { AWS: "*" } }) },
  {
    weight: 1,
    arbitrary: oneOrMore(fc.constantFrom(ALICE, BUILD, HOME)).map((AWS) => ({ NotPrincipal: { AWS } })),
  },
  {
    weight: 1,
    arbitrary: awsPrincipal.map((AWS) => ({ Principal: { AWS, Service: "ec2.amazonaws.com" } })),
  },
);
const assuming = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      "sts:AssumeRole",
      "sts:*",
      "*",
      "sts:Assume*",
      "STS:assumerole",
      "sts:A*Role",
      "sts:?ssumeRole",
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(["sts:TagSession", "sts:AssumeRole"], ["sts:TagSession"]) },
);
const trustAction = fc.oneof(
  { weight: 6, arbitrary: assuming.map((Action) => ({ Action })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("sts:TagSession", "sts:Assume*", "iam:*").map((NotAction) => ({ NotAction })),
  },
);

/** Services and identity providers, alone and beside others. */
const machines = fc.oneof(
  fc.constantFrom("ec2.amazonaws.com", "lambda.amazonaws.com").map((Service) => ({ Principal: { Service } })),
  fc.constantFrom(...FEDERATED).map((Federated) => ({ Principal: { Federated } })),
  fc
    .tuple(awsPrincipal, fc.constantFrom(...FEDERATED))
    .map(([AWS, Federated]) => ({ Principal: { AWS, Federated } })),
);

type Principals = fc.Arbitrary<{ readonly Principal: unknown } | { readonly NotPrincipal: unknown }>;

function statementOf(who: Principals, conditions: fc.Arbitrary<object>): fc.Arbitrary<object> {
  return (
    fc
      .tuple(EFFECT, who, trustAction, conditions)
      .map(([Effect, principal, action, Condition]) => ({ Effect, ...principal, ...action, Condition }))
      // AWS does not take NotPrincipal beside Allow as anything but a mistake, and the evaluator reads it in its own way.
      .filter((statement) => !("NotPrincipal" in statement) || statement.Effect === "Deny")
  );
}

const conditions = conditionOn([...onEveryRequest, ...onAssumeRole]);

/** Trust policies of every shape, most of them with a way in or nearly so. */
export const trustDocument = documentOf(statementOf(principals, conditions));

/** Trust policies that name services and identity providers too. */
export const callersDocument = documentOf(
  statementOf(fc.oneof(principals, machines), conditionOn(onTheCaller)),
);
