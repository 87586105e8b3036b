import { SELF_SERVICE_ACTIONS } from "../iam/guard/verdict";
import { type ExampleResource, type Examples, policyText, WITHOUT_MFA } from "./example";

const GROUP: ExampleResource = { type: "aws:iam/group:Group", name: "staff", props: { name: "staff" } };

function inline(...statements: readonly object[]): ExampleResource {
  return {
    type: "aws:iam/groupPolicy:GroupPolicy",
    name: "staff-policy",
    props: { name: "staff-policy", group: "staff", policy: policyText(...statements) },
  };
}

const GUARD = { Effect: "Deny", NotAction: SELF_SERVICE_ACTIONS, Resource: "*", Condition: WITHOUT_MFA };

export const examples: Examples = {
  good: [
    { title: "A guard among the inline policies", resources: [GROUP, inline(GUARD)] },
    {
      title: "A guard in a managed policy, attached",
      resources: [
        GROUP,
        {
          type: "aws:iam/policy:Policy",
          name: "guard",
          props: { name: "guard", arn: "arn:aws:iam::111122223333:policy/guard", policy: policyText(GUARD) },
        },
        {
          type: "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
          name: "staff-guard",
          props: { group: "staff", policyArn: "arn:aws:iam::111122223333:policy/guard" },
        },
      ],
    },
    {
      title: "Several Deny statements that guard together",
      resources: [
        GROUP,
        inline(
          { Effect: "Deny", Action: "s3:*", Resource: "*", Condition: WITHOUT_MFA },
          { ...GUARD, NotAction: [...SELF_SERVICE_ACTIONS, "s3:*"] },
        ),
      ],
    },
    {
      title: "The organization's own guard, known by its ARN",
      config: { guardPolicyArns: ["arn:aws:iam::*:policy/org-mfa-guard"] },
      resources: [
        GROUP,
        {
          type: "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
          name: "staff-guard",
          props: { group: "staff", policyArn: "arn:aws:iam::111122223333:policy/org-mfa-guard" },
        },
      ],
    },
  ],
  bad: [
    { title: "No policy at all", resources: [GROUP], says: ["carries no policy"] },
    {
      title: 'Deny with Bool "false" lets every access key through',
      resources: [
        GROUP,
        inline({ ...GUARD, Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } }),
      ],
      says: ["aws:MultiFactorAuthPresent is absent"],
    },
    {
      title: "An exception that is too wide",
      resources: [GROUP, inline({ ...GUARD, NotAction: [...SELF_SERVICE_ACTIONS, "iam:*"] })],
      says: ["no Deny stops iam:"],
    },
    {
      title: "A guard that covers only some resources",
      resources: [GROUP, inline({ ...GUARD, Resource: "arn:aws:s3:::*" })],
      says: ["no Deny stops"],
    },
    {
      title: "An AWS managed policy is no guard",
      resources: [
        GROUP,
        {
          type: "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
          name: "staff-read",
          props: { group: "staff", policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
        },
      ],
      says: ["not held to MFA"],
    },
  ],
};
