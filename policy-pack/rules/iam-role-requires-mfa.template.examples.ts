// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates are full of them
import { type ExampleResource, type Examples, policyText, WITH_MFA } from "./example";

/** Roles inside CloudFormation templates, and resources that make roles without saying so. */

const ACCOUNT_ID = { Ref: "AWS::AccountId" };
const OWN_ACCOUNT = { AWS: { "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root" } };
const ALLOW = { Effect: "Allow", Principal: OWN_ACCOUNT, Action: "sts:AssumeRole" };

function role(statement: object) {
  const AssumeRolePolicyDocument = { Version: "2012-10-17", Statement: [statement] };
  return { Type: "AWS::IAM::Role", Properties: { AssumeRolePolicyDocument } };
}

function stack(templateBody: unknown): ExampleResource {
  return { type: "aws:cloudformation/stack:Stack", name: "legacy", props: { templateBody } };
}

/** A template with one role, and what its statement refers to. */
function template(statement: object, more: object = {}): ExampleResource {
  return stack(JSON.stringify({ ...more, Resources: { Deploy: role(statement) } }));
}

const BY_STAGE = {
  Parameters: { Stage: { Type: "String" } },
  Conditions: { InProduction: { "Fn::Equals": [{ Ref: "Stage" }, "production"] } },
};

const OPEN = "In the template, Deploy: This role can be assumed without MFA.";

export const examples: Examples = {
  good: [
    {
      title: "In a template, the same unknown account in the principal and in a condition that excludes it",
      resources: [
        template({ ...ALLOW, Condition: { StringNotEquals: { "aws:PrincipalAccount": ACCOUNT_ID } } }),
      ],
    },
    {
      title: "In a template, a condition whose branches both require MFA",
      resources: [
        template(
          {
            ...ALLOW,
            Condition: {
              Bool: { "aws:MultiFactorAuthPresent": { "Fn::If": ["InProduction", true, "true"] } },
            },
          },
          BY_STAGE,
        ),
      ],
    },
    {
      title: "In a template, a condition with one branch that requires MFA",
      resources: [
        template(
          { ...ALLOW, Condition: { "Fn::If": ["InProduction", WITH_MFA, { Ref: "AWS::NoValue" }] } },
          BY_STAGE,
        ),
      ],
      notes: ["who gets in depends on a value that is not known yet"],
    },
    {
      title: "In a template, a Deny of everyone except the ARN in a dynamic reference",
      resources: [
        stack(
          JSON.stringify({
            Resources: {
              Deploy: {
                Type: "AWS::IAM::Role",
                Properties: {
                  AssumeRolePolicyDocument: {
                    Version: "2012-10-17",
                    Statement: [
                      ALLOW,
                      {
                        Effect: "Deny",
                        Principal: "*",
                        Action: "sts:*",
                        Condition: { ArnNotLike: { "aws:PrincipalArn": "{{resolve:ssm:/ci/role}}" } },
                      },
                    ],
                  },
                },
              },
            },
          }),
        ),
      ],
      notes: ["who gets in depends on a value that is not known yet"],
    },
    {
      title: "In a template, a condition on the account that it is deployed to",
      resources: [
        template(
          { ...ALLOW, Condition: { "Fn::If": ["AtHome", WITH_MFA, { Ref: "AWS::NoValue" }] } },
          { Conditions: { AtHome: { "Fn::Equals": [ACCOUNT_ID, "111122223333"] } } },
        ),
      ],
      notes: ["who gets in depends on a value that is not known yet"],
    },
    {
      title: "A SAM template with a function whose role the transform creates",
      resources: [
        stack(
          JSON.stringify({
            Transform: "AWS::Serverless-2016-10-31",
            Resources: {
              Api: { Type: "AWS::Serverless::Function", Properties: { Policies: ["S3ReadPolicy"] } },
            },
          }),
        ),
      ],
    },
    ...[
      {
        title: "A template behind a URL, with a note",
        type: "aws:cloudformation/stack:Stack",
        props: { templateUrl: "https://example.com/template.yaml" },
        note: "templateUrl",
      },
      {
        title: "An application of the Serverless Application Repository, with a note",
        type: "aws:serverlessrepository/cloudFormationStack:CloudFormationStack",
        props: {},
        note: "the application",
      },
      {
        title: "A Service Catalog product, with a note",
        type: "aws:servicecatalog/provisionedProduct:ProvisionedProduct",
        props: {},
        note: "the Service Catalog product",
      },
    ].map(({ title, type, props, note }) => ({
      title,
      resources: [{ type, name: "legacy", props }],
      notes: [note],
    })),
  ],
  bad: [
    {
      title: "In a template, the account that it is deployed to",
      resources: [template(ALLOW)],
      says: [OPEN, "This locks out every role of arn:${AWS::Partition}:iam::${AWS::AccountId}:root"],
    },
    {
      title: "In a template, the number of that account",
      resources: [template({ ...ALLOW, Principal: { AWS: ACCOUNT_ID } })],
      says: [OPEN, "for ${AWS::AccountId}, set", "This locks out every role of ${AWS::AccountId}"],
    },
    {
      title: "In a template, a principal that is a parameter",
      resources: [
        template(
          { ...ALLOW, Principal: { AWS: { Ref: "Trusted" } } },
          { Parameters: { Trusted: { Type: "String" } } },
        ),
      ],
      says: [OPEN],
    },
    {
      title: "In a template, a principal from a dynamic reference",
      resources: [
        template({ ...ALLOW, Principal: { AWS: "arn:aws:iam::{{resolve:ssm:/ci/account}}:root" } }),
      ],
      says: [OPEN],
    },
    {
      title: "In a template, a principal that functions build from known values",
      resources: [
        template({
          ...ALLOW,
          Principal: {
            AWS: {
              "Fn::Join": [
                ":",
                [
                  "arn:aws:iam:",
                  { "Fn::Select": [1, { "Fn::Split": [",", "444455556666,111122223333"] }] },
                  "root",
                ],
              ],
            },
          },
        }),
      ],
      says: [OPEN, "arn:aws:iam::111122223333:root"],
    },
    {
      title: "In a template, a repeated key: the last one counts",
      resources: [
        stack(
          [
            "Resources:",
            "  Deploy:",
            "    Type: AWS::IAM::Role",
            "    Properties:",
            "      AssumeRolePolicyDocument:",
            "        Version: 2012-10-17",
            "        Statement:",
            "        - Sid: 1",
            "          Effect: Allow",
            "          Action: sts:AssumeRole",
            "          Principal: {AWS: !Ref AWS::AccountId}",
            "          Condition: {Bool: {aws:MultiFactorAuthPresent: true}}",
            "          Condition: {BoolIfExists: {aws:MultiFactorAuthPresent: yes}}",
          ].join("\n"),
        ),
      ],
      says: [OPEN, 'Statement[0] "1"'],
    },
    {
      title: "In a template, brackets in a layout that only YAML 1.1 takes",
      resources: [
        stack(
          [
            "Resources:",
            "  Deploy:",
            "    Type: AWS::IAM::Role",
            "    Properties:",
            "      AssumeRolePolicyDocument: {",
            '        "Version": "2012-10-17",',
            '        "Statement": [{',
            '"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}',
            "      }]",
            "}",
          ].join("\n"),
        ),
      ],
      says: [OPEN, "arn:aws:iam::111122223333:root"],
    },
    {
      title: "In a template, a role beside a resource that cannot be read",
      resources: [stack(JSON.stringify({ Resources: { Deploy: role(ALLOW), Other: "not a resource" } }))],
      says: [OPEN],
    },
    {
      title: "The trust policy of a SAM function",
      resources: [
        stack(
          JSON.stringify({
            Transform: "AWS::Serverless-2016-10-31",
            Resources: {
              Deploy: {
                Type: "AWS::Serverless::Function",
                Properties: { AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [ALLOW] } },
              },
            },
          }),
        ),
      ],
      says: ["This role can be assumed without MFA."],
    },
    {
      title:
        "A new account of an organization, whose administrator role trusts the management account without MFA",
      resources: [
        {
          type: "aws:organizations/account:Account",
          name: "research",
          props: { name: "research", email: "research@example.com" },
        },
      ],
      says: ["The role that AWS makes in the new account can be assumed without MFA."],
    },
    {
      title: "A text that is not a template",
      resources: [stack(policyText(ALLOW))],
      says: ["The template cannot be read"],
    },
  ],
};
