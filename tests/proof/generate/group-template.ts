import fc from "fast-check";
import { EXEMPT } from "./guard";
import { mayBeThere, perhaps, templateOf } from "./template";

const NO_MFA = { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } };
const deny = (actions: object, Condition: object = NO_MFA) => ({
  Effect: "Deny",
  ...actions,
  Resource: "*",
  Condition,
});
const guard = deny({ NotAction: EXEMPT });

/** A guard, the two halves of one, and what looks like one. */
const statement = fc.constantFrom<object>(
  guard,
  deny({ NotAction: [...EXEMPT, "s3:*"] }),
  deny({ Action: "s3:*" }),
  deny({ NotAction: EXEMPT }, { Bool: { "aws:MultiFactorAuthPresent": "false" } }),
  deny({ NotAction: EXEMPT }, { BoolIfExists: { "aws:MultiFactorAuthPresent": { Ref: "Required" } } }),
  ...Array.from({ length: 3 }, () => ({ Effect: "Allow", Action: "*", Resource: "*" })),
);
const PolicyDocument = fc
  .array(perhaps(statement), { minLength: 1, maxLength: 2 })
  .map((Statement) => ({ Version: "2012-10-17", Statement }));

/** How a template names a group: the one that is asked about, or another. */
const group = fc.constantFrom<unknown>(
  ...[{ Ref: "Group" }, { Ref: "Group" }, { Ref: "Group" }, "developers", { Ref: "Team" }],
  ...[{ Ref: "Other" }, { Ref: "Other" }, "others", "others"],
);
const Groups = fc.array(perhaps(group), { maxLength: 2 });

const named = (PolicyName: string) => ({ PolicyName: fc.constant(PolicyName), PolicyDocument });

/** Templates with a group whose policies and members reach it in every way that CloudFormation has. */
export const groupTemplate = templateOf(
  fc.record(
    {
      Group: fc
        .record({
          GroupName: fc.constantFrom<unknown>("developers", "developers", "developers", { Ref: "Team" }),
          Policies: fc.array(perhaps(fc.record(named("own"))), { maxLength: 1 }),
          ManagedPolicyArns: fc.array(
            perhaps(fc.constantFrom<unknown>({ Ref: "Shared" }, "arn:aws:iam::aws:policy/ReadOnlyAccess")),
            { maxLength: 2 },
          ),
        })
        .map((Properties) => ({ Type: "AWS::IAM::Group", Properties })),
      Other: fc.constant({ Type: "AWS::IAM::Group", Properties: { GroupName: "others" } }),
      Shared: fc
        .record({ ManagedPolicyName: fc.constant("shared"), PolicyDocument, Groups })
        .map((Properties) => ({ Type: "AWS::IAM::ManagedPolicy", Properties })),
      Attached: mayBeThere("AWS::IAM::ManagedPolicy", fc.record({ PolicyDocument, Groups })),
      Inline: mayBeThere("AWS::IAM::Policy", fc.record({ ...named("inline"), Groups })),
      Beside: mayBeThere("AWS::IAM::GroupPolicy", fc.record({ ...named("beside"), GroupName: group })),
      Alice: fc
        .record({ UserName: fc.constant("alice"), Groups })
        .map((Properties) => ({ Type: "AWS::IAM::User", Properties })),
      Addition: mayBeThere(
        "AWS::IAM::UserToGroupAddition",
        fc.record({
          GroupName: group,
          Users: fc.array(perhaps(fc.constantFrom<unknown>({ Ref: "Alice" }, "alice", "bob")), {
            minLength: 1,
            maxLength: 2,
          }),
        }),
      ),
    },
    { requiredKeys: ["Group", "Other", "Shared", "Alice"] },
  ),
);
