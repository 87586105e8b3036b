import { SELF_SERVICE_ACTIONS } from "../iam/guard/verdict";
import {
  type ExampleResource,
  type Examples,
  iam,
  policyText,
  UNKNOWN_TEXT,
  WITH_MFA,
  WITHOUT_MFA,
} from "./example";

const GROUP = iam("Group", "staff", { name: "staff" });

function inline(...statements: readonly object[]): ExampleResource {
  return iam("GroupPolicy", "staff-policy", {
    name: "staff-policy",
    group: "staff",
    policy: policyText(...statements),
  });
}

const GUARD = { Effect: "Deny", NotAction: SELF_SERVICE_ACTIONS, Resource: "*", Condition: WITHOUT_MFA };
/** As AWS advises, so that CloudFormation and others can work for a person. */
const UNLESS_VIA_SERVICE = { BoolIfExists: { ...WITHOUT_MFA.BoolIfExists, "aws:ViaAWSService": "false" } };

const WITH_SESSIONS = [...SELF_SERVICE_ACTIONS, "sts:GetFederationToken"];
function guardOf(...arns: readonly string[]): object {
  const Condition = { ...WITHOUT_MFA, ArnLike: { "aws:PrincipalArn": arns } };
  return { ...GUARD, NotAction: WITH_SESSIONS, Condition };
}

const GRANT = { Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: WITH_MFA };
/** Alice, who is in this group and in another one that has the guard. */
const GUARDED_MEMBER: readonly ExampleResource[] = [
  iam("User", "alice", { name: "alice" }),
  iam("Group", "everyone", { name: "everyone" }),
  iam("GroupPolicy", "everyone-guard", {
    name: "everyone-guard",
    group: "everyone",
    policy: policyText(GUARD),
  }),
  iam("UserGroupMembership", "alice-groups", { user: "alice", groups: ["staff", "everyone"] }),
];

const ATTACHED = "arn:aws:iam::111122223333:policy/guard";
const GUARD_POLICY = iam("Policy", "guard", { name: "guard", arn: ATTACHED, policy: policyText(GUARD) });

function attached(policyArn: string, name = "staff-guard"): ExampleResource {
  return iam("GroupPolicyAttachment", name, { group: "staff", policyArn });
}

const GUARDED_IN_ACCOUNT = JSON.stringify({
  Resources: {
    Staff: {
      Type: "AWS::IAM::Group",
      Properties: {
        Policies: [
          {
            PolicyName: "guard",
            PolicyDocument: {
              Version: "2012-10-17",
              Statement: {
                ...GUARD,
                Condition: {
                  ...WITHOUT_MFA,
                  StringEquals: { "aws:PrincipalAccount": { Ref: "AWS::AccountId" } },
                },
              },
            },
          },
        ],
      },
    },
  },
});

function exclusive(name: string, ...policyArns: readonly string[]): ExampleResource {
  return iam("GroupPolicyAttachmentsExclusive", name, { groupName: "staff", policyArns });
}

/** A guard with these exceptions beside its own. */
function except(...more: readonly string[]): object {
  return { ...GUARD, NotAction: [...SELF_SERVICE_ACTIONS, ...more] };
}

export const examples: Examples = {
  good: [
    { title: "A guard among the inline policies", resources: [GROUP, inline(GUARD)] },
    {
      title: "What the group grants requires MFA, which the configuration accepts",
      config: { requires: "grants" },
      resources: [GROUP, inline(GRANT)],
    },
    {
      title: "All members are in a guarded group, which the configuration accepts",
      config: { guardedMembers: "accept" },
      resources: [GROUP, ...GUARDED_MEMBER],
    },
    {
      title: "A guard in a managed policy, attached",
      resources: [GROUP, GUARD_POLICY, attached(ATTACHED)],
    },
    {
      title: "A guard in a managed policy of the stack, attached by its ARN",
      resources: [
        GROUP,
        iam("Policy", "guard", { name: "guard", policy: policyText(GUARD) }),
        attached(ATTACHED),
      ],
    },
    {
      title: "A guard that is narrowed to the users of the group's own account",
      resources: [
        { ...GROUP, props: { name: "staff", arn: "arn:aws:iam::111122223333:group/staff" } },
        inline({
          ...GUARD,
          Condition: { ...WITHOUT_MFA, StringEquals: { "aws:PrincipalAccount": "111122223333" } },
        }),
      ],
    },
    {
      title: "The same in a template, whatever its account is",
      resources: [
        {
          type: "aws:cloudformation/stack:Stack",
          name: "staff",
          props: { name: "staff", templateBody: GUARDED_IN_ACCOUNT },
        },
      ],
    },
    {
      title: "Several Deny statements that guard together",
      resources: [
        GROUP,
        inline({ Effect: "Deny", Action: "s3:*", Resource: "*", Condition: WITHOUT_MFA }, except("s3:*")),
      ],
    },
    {
      title: "The list of AWS's newer example, with iam:GetMFADevice",
      resources: [GROUP, inline(except("iam:GetMFADevice"))],
    },
    {
      title: "An exception that is accepted by configuration",
      config: { allowedWithoutMfa: [...SELF_SERVICE_ACTIONS, "iam:ChangePassword"] },
      resources: [GROUP, inline(except("iam:ChangePassword"))],
    },
    {
      title: "A guard of users and of the sts:GetFederationToken sessions that the configuration accepts",
      config: { allowedWithoutMfa: WITH_SESSIONS },
      resources: [GROUP, inline(guardOf("arn:*:iam::*:user/*", "arn:*:sts::*:federated-user/*"))],
    },
    {
      title: "Calls that a named service makes for a member are exempt",
      resources: [
        GROUP,
        inline({
          ...GUARD,
          Condition: {
            ...WITHOUT_MFA,
            StringNotEquals: { "aws:CalledViaFirst": ["cloudformation.amazonaws.com"] },
          },
        }),
      ],
    },
    {
      title: "Calls that services make for a member are exempt, those of MCP servers are not",
      resources: [
        GROUP,
        inline(
          { ...GUARD, Condition: UNLESS_VIA_SERVICE },
          { ...GUARD, Condition: { ...WITHOUT_MFA, Bool: { "aws:ViaAWSMCPService": "true" } } },
        ),
      ],
    },
    {
      title: "Two inline policies with one name, each of them a guard",
      resources: [GROUP, inline(GUARD), { ...inline(GUARD), name: "again" }],
    },
    {
      title: "A policy that is not known yet, with a note",
      resources: [
        GROUP,
        iam("GroupPolicy", "later", { name: "later", group: "staff", policy: UNKNOWN_TEXT }),
      ],
      notes: ["a policy of the group is not known"],
    },
    {
      title: "The organization's own guard, known by its ARN",
      config: { guardPolicyArns: ["arn:aws:iam::*:policy/org-mfa-guard"] },
      resources: [GROUP, attached("arn:aws:iam::111122223333:policy/org-mfa-guard")],
    },
  ],
  bad: [
    {
      title: "No policy at all",
      resources: [GROUP],
      says: ["has no policy", "If its members are machines", "exempt the group, with a reason"],
    },
    {
      title: "Two inline policies with one name, one of them not a guard: the worse one counts",
      resources: [GROUP, inline(GUARD), { ...inline(GRANT), name: "again" }],
      says: ["does not require MFA of its members"],
      notes: ["overwrite each other in an undefined order"],
    },
    {
      title: "Two exclusive lists of attachments, one of them without the guard: the worse one counts",
      resources: [GROUP, GUARD_POLICY, exclusive("one", ATTACHED), exclusive("other")],
      says: ["does not require MFA of its members"],
      notes: ["overwrite each other in an undefined order"],
    },
    {
      title: "Many exceptions beyond the list",
      resources: [
        GROUP,
        inline({
          ...GUARD,
          NotAction: [
            ...SELF_SERVICE_ACTIONS,
            ...["Role", "User", "Group", "Policy", "Key", "Rule", "Tag"].map((each) => `iam:List${each}*`),
          ],
        }),
      ],
      says: ["and 2 more in NotAction", "add them to allowedWithoutMfa"],
    },
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
      resources: [GROUP, inline(except("iam:*"))],
      says: [
        "no Deny stops iam:",
        "leaves too much open: iam:* in NotAction",
        "remove this entry from NotAction",
      ],
    },
    {
      title: "Exceptions beyond the list, one of which another Deny covers",
      resources: [
        GROUP,
        inline(
          { Effect: "Deny", Action: "s3:*", Resource: "*", Condition: WITHOUT_MFA },
          except("s3:*", "iam:ChangePassword", "iam:GetAccountPasswordPolicy"),
        ),
      ],
      says: [
        "leaves too much open: iam:ChangePassword, iam:GetAccountPasswordPolicy in NotAction",
        '"iam:GetMFADevice","iam:ChangePassword","iam:GetAccountPasswordPolicy"]}',
      ],
    },
    {
      title: "Calls that any service makes for a member are exempt, and so those of MCP servers",
      resources: [GROUP, inline({ ...GUARD, Condition: UNLESS_VIA_SERVICE })],
      says: ["managed MCP servers make such calls", "aws:CalledViaFirst", "aws:ViaAWSMCPService"],
    },
    {
      title:
        "A guard of users, which the sts:GetFederationToken sessions that the configuration accepts get past",
      config: { allowedWithoutMfa: WITH_SESSIONS },
      resources: [GROUP, inline(guardOf("arn:*:iam::*:user/*"))],
      says: [
        "no Deny stops s3:ListAllMyBuckets from a session of sts:GetFederationToken",
        'Add "arn:*:sts::*:federated-user/*" to the values of aws:PrincipalArn',
      ],
    },
    {
      title: "A guard of users by their type, which such sessions get past, too",
      config: { allowedWithoutMfa: WITH_SESSIONS },
      resources: [
        GROUP,
        inline({
          ...GUARD,
          NotAction: WITH_SESSIONS,
          Condition: { ...WITHOUT_MFA, StringEquals: { "aws:PrincipalType": "User" } },
        }),
      ],
      says: ["Remove sts:GetFederationToken from NotAction and from allowedWithoutMfa"],
    },
    {
      title: "A guard that covers only some resources",
      resources: [GROUP, inline({ ...GUARD, Resource: "arn:aws:s3:::*" })],
      says: ["no Deny stops"],
    },
    {
      title: "A guard with an exception for one resource",
      resources: [
        GROUP,
        inline({ ...GUARD, Resource: undefined, NotResource: "arn:aws:s3:::example-bucket/*" }),
      ],
      says: ["no Deny stops"],
    },
    {
      title: "What the group grants requires MFA, but the group has no guard",
      resources: [GROUP, inline(GRANT)],
      says: ["What this group grants requires MFA, but it has no guard", '{"requires":"grants"}'],
    },
    {
      title: "One of its Allow statements needs no MFA",
      config: { requires: "grants" },
      resources: [GROUP, inline(GRANT, { Effect: "Allow", Action: "s3:ListBucket", Resource: "*" })],
      says: ["does not require MFA of its members"],
    },
    {
      title: "All members are in a guarded group",
      resources: [GROUP, ...GUARDED_MEMBER],
      says: ["requires MFA of each of its members (alice)", '{"guardedMembers":"accept"}'],
    },
    {
      title: "An AWS managed policy is not a guard",
      resources: [GROUP, attached("arn:aws:iam::aws:policy/ReadOnlyAccess", "staff-read")],
      says: ["does not require MFA of its members"],
    },
  ],
};
