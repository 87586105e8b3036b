import { describe, expect, test } from "vitest";
import { evaluateInput } from "../evaluate";
import type { AuditInput } from "../input";
import { inputIn } from "../sample/documents";
import { defaultSettings } from "../settings";
import { declaredLimits } from "./declared";

const MANAGEMENT = "111111111111";
const MEMBER = "111122223333";
const GUARD = {
  Version: "2012-10-17",
  Statement: {
    Effect: "Deny",
    NotAction: ["iam:EnableMFADevice", "iam:ListMFADevices", "sts:GetSessionToken"],
    Resource: "*",
    Condition: {
      BoolIfExists: { "aws:MultiFactorAuthPresent": "false" },
      ArnLike: { "aws:PrincipalArn": "arn:*:iam::*:user/*" },
    },
  },
};
const ALLOW = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } };
const ID = "p-abcd1234";
const policyArn = `arn:aws:organizations::${MANAGEMENT}:policy/o-example1/service_control_policy/${ID}`;
const accountArn = (id: string) => `arn:aws:organizations::${MANAGEMENT}:account/o-example1/${id}`;

function inputFrom(value: object, path: string): AuditInput {
  return inputIn(JSON.stringify(value), path);
}

/** A Terraform state of the resources, as `[type, attributes]`. */
function terraform(...resources: readonly (readonly [string, object])[]): AuditInput {
  const listed = resources.map(([type, attributes], index) => {
    const provider = 'provider["registry.terraform.io/hashicorp/aws"]';
    return { mode: "managed", type, name: `r${index}`, provider, instances: [{ attributes }] };
  });
  return inputFrom({ version: 4, terraform_version: "1.9.0", resources: listed }, "org.tfstate");
}
const scp = (content: object | string = GUARD, more: object = {}) =>
  [
    "aws_organizations_policy",
    { id: ID, arn: policyArn, name: "RequireMfa", content: JSON.stringify(content), ...more },
  ] as const;
const attached = (target_id: string, policy_id = ID) =>
  ["aws_organizations_policy_attachment", { policy_id, target_id }] as const;
const account = (id: string, parent_id: string) =>
  ["aws_organizations_account", { id, arn: accountArn(id), parent_id }] as const;
const unit = (id: string, parent_id: string) =>
  ["aws_organizations_organizational_unit", { id, parent_id }] as const;

/** The Pulumi resource in a state, or in a preview. */
const PULUMI = [
  [
    "aws:organizations/policy:Policy",
    ID,
    { name: "RequireMfa", content: JSON.stringify(GUARD), arn: policyArn },
  ],
  [
    "aws:organizations/policyAttachment:PolicyAttachment",
    `${MEMBER}:${ID}`,
    { policyId: ID, targetId: MEMBER },
  ],
].map(([type, id, outputs]) => ({ urn: `urn:pulumi:prod::org::${type}::x`, type, id, outputs }));
const pulumi = (more: object = {}) =>
  inputFrom(
    { version: 3, deployment: { resources: PULUMI.map((each) => ({ ...each, ...more })) } },
    "state.json",
  );

const plan = (value: object) => inputFrom({ format_version: "1.2", ...value }, "plan.json");

const countedFor = (input: AuditInput) =>
  declaredLimits(input.resources, input).limits.map(({ accounts = new Set<string>() }) =>
    [...accounts].toSorted(),
  );

describe("a declared SCP counts for", () => {
  test.each<[string, AuditInput, readonly string[]]>([
    ["the account that a Terraform state attaches it to", terraform(scp(), attached(MEMBER)), [MEMBER]],
    ["the account that a Pulumi state attaches it to", pulumi(), [MEMBER]],
    [
      "the declared member accounts of the organization if it is attached to the root",
      terraform(scp(), attached("r-ab12"), account(MEMBER, "ou-ab12-x"), account(MANAGEMENT, "r-ab12")),
      [MEMBER],
    ],
    [
      "the declared accounts at any depth of the unit that it is attached to",
      terraform(
        ...[
          scp(),
          attached("ou-ab12-top"),
          unit("ou-ab12-low", "ou-ab12-top"),
          account(MEMBER, "ou-ab12-low"),
        ],
        account("444455556666", "ou-ab12-other"),
      ),
      [MEMBER],
    ],
  ])("%s", (_, input, accounts) => {
    expect(countedFor(input)).toEqual([accounts]);
    const { notes, uncounted } = declaredLimits(input.resources, input);
    expect(uncounted).toBe(0);
    expect(notes).toEqual([
      `The SCP ${ID} (RequireMfa) counts for ${accounts.join()}, the member accounts that are known to be under it.`,
    ]);
  });
});

const CFN = {
  Resources: {
    Guard: {
      Type: "AWS::Organizations::Policy",
      Properties: { Name: "RequireMfa", Type: "SERVICE_CONTROL_POLICY", Content: GUARD, TargetIds: [MEMBER] },
    },
  },
};

describe("a declared SCP counts for nothing and is noted", () => {
  test.each<[string, AuditInput, string]>([
    ["in a template", inputFrom(CFN, "org.json"), "a plan or a template"],
    [
      "in a plan, even with known ids",
      plan({
        planned_values: {
          root_module: {
            resources: [scp(), attached(MEMBER)].map(([type, values]) => ({
              ...{ address: `${type}.x`, mode: "managed", type, name: "x", values },
            })),
          },
        },
      }),
      "a plan or a template",
    ],
    [
      "in a preview",
      inputFrom(
        {
          steps: PULUMI.map((newState) => ({ op: "create", urn: newState.urn, newState })),
          changeSummary: {},
        },
        "p",
      ),
      "a plan or a template",
    ],
    ["if nothing attaches it", terraform(scp()), "is not known"],
    ["if another policy is attached", terraform(scp(), attached(MEMBER, "p-other123")), "is not known"],
    [
      "if it is attached only to the management account",
      terraform(scp(), attached(MANAGEMENT)),
      "is not known",
    ],
    [
      "if it is attached to a unit without declared accounts",
      terraform(scp(), attached("ou-ab12-top")),
      "is not known",
    ],
    [
      "if the declared accounts are in another organization",
      terraform(scp(), attached("r-ab12"), [
        "aws_organizations_account",
        { id: MEMBER, arn: `arn:aws:organizations::${MANAGEMENT}:account/o-another1/${MEMBER}` },
      ]),
      "is not known",
    ],
    ["if its ARN is unknown", terraform(scp(GUARD, { arn: null }), attached(MEMBER)), "is not known"],
    [
      "if AWS would reject it",
      terraform(scp({ Statement: { Effect: "Deny" } }), attached(MEMBER)),
      "cannot be evaluated",
    ],
  ])("%s", (_, input, why) => {
    expect(countedFor(input)).toEqual([]);
    const { notes = [], notLookedAt } = evaluateInput(input, defaultSettings(), new Date());
    expect(notLookedAt).toEqual({ limits: 1 });
    expect(notes.join()).toMatch(/^What only the SCP .*closes counts as open: .*--scp FILE=111122223333/);
    expect(notes.join()).toContain(why);
  });
});

test.each([
  ["that only allows", terraform(scp(ALLOW))],
  ["of another type", terraform(scp({ tags: {} }, { type: "TAG_POLICY" }))],
  ["that is pending replacement", pulumi({ pendingReplacement: true })],
  ["that is pending deletion", pulumi({ delete: true })],
])("an organization's policy %s is ignored without a note", (_, input) => {
  expect(declaredLimits(input.resources, input)).toEqual({ limits: [], notes: [], uncounted: 0 });
});
