import type { Resource } from "aws-mfa-policy-pack/iam-graph";
import { describe, expect, test } from "vitest";
import { accountInput } from "../account/account";
import { authorizationIn } from "../account/authorization";
import { evaluateInput } from "../evaluate";
import type { AuditInput } from "../input";
import { defaultSettings } from "../settings";

const ACCOUNT = "111122223333";
const arn = (kind: string, name: string) => `arn:aws:iam::${ACCOUNT}:${kind}/${name}`;
const AWS = "arn:aws:iam::aws:policy/";
const document = (...Statement: readonly object[]) =>
  encodeURIComponent(JSON.stringify({ Version: "2012-10-17", Statement }));
const allow = (Action: string | readonly string[], Resource = "*") => ({ Effect: "Allow", Action, Resource });
const WITH_MFA = { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } };

interface Holder {
  readonly statements?: readonly object[];
  readonly attached?: readonly string[];
}
const carried = ({ statements = [], attached = [] }: Holder) => ({
  inline: statements.length === 0 ? [] : [{ PolicyName: "own", PolicyDocument: document(...statements) }],
  AttachedManagedPolicies: attached.map((PolicyArn) => ({ PolicyArn })),
});

function role(RoleName: string, trusted: unknown, holder: Holder = {}, condition: object = {}) {
  const { inline, AttachedManagedPolicies } = carried(holder);
  return {
    ...{ RoleName, Arn: arn("role", RoleName), RolePolicyList: inline, AttachedManagedPolicies },
    AssumeRolePolicyDocument: document({
      ...{ Effect: "Allow", Principal: trusted, Action: "sts:AssumeRole" },
      ...condition,
    }),
  };
}
function group(GroupName: string, holder: Holder) {
  const { inline, AttachedManagedPolicies } = carried(holder);
  return { GroupName, Arn: arn("group", GroupName), GroupPolicyList: inline, AttachedManagedPolicies };
}

function dangersOf(details: Parameters<typeof authorizationIn>[0]) {
  return dangersIn(accountInput(ACCOUNT, authorizationIn(details), undefined));
}

function dangersIn(input: AuditInput) {
  const { subjects } = evaluateInput(input, defaultSettings(), new Date());
  return subjects.map(({ name, danger }) => [name, danger?.who, danger?.can, danger?.because]);
}

const ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };

describe("the danger of a subject", () => {
  test("ranks an administrator above an unknown policy, and that above a reader", () => {
    expect(
      dangersOf({
        GroupDetailList: [
          group("marketing", { statements: [allow("s3:GetObject")] }),
          group("support", { attached: [`${AWS}AWSSupportAccess`] }),
          group("zebras", { attached: [`${AWS}AdministratorAccess`] }),
        ],
      }),
    ).toEqual([
      ["zebras", "members", "administrator", []],
      ["support", "members", "unknown", [`${AWS}AWSSupportAccess`]],
      ["marketing", "members", "read", ["s3:GetObject"]],
    ]);
  });

  test("includes what an AWS managed policy allows if the account has its document", () => {
    const Policies = [
      {
        Arn: `${AWS}AWSSupportAccess`,
        PolicyVersionList: [{ IsDefaultVersion: true, Document: document(allow("support:*")) }],
      },
    ];
    const support = group("support", { attached: [`${AWS}AWSSupportAccess`] });
    expect(dangersOf({ GroupDetailList: [support], Policies })).toEqual([
      ["support", "members", "data", ["support:*"]],
    ]);
  });

  test("is limited by a permissions boundary if its document is known", () => {
    const boundary = arn("policy", "boundary");
    const details = {
      RoleDetailList: [role("deploy", ROOT, { attached: [`${AWS}AdministratorAccess`] })].map((each) => ({
        ...each,
        PermissionsBoundary: { PermissionsBoundaryArn: boundary },
      })),
    };
    const Policies = [
      {
        Arn: boundary,
        PolicyVersionList: [{ IsDefaultVersion: true, Document: document(allow("s3:Get*")) }],
      },
    ];
    const [[, , within] = [], ...others] = dangersOf({ ...details, Policies }).filter(
      ([name]) => name === "deploy",
    );
    expect(others).toEqual([]);
    expect(within).toBe("read");
    expect(dangersOf(details)[0]?.[2]).toBe("administrator");
  });

  test("names the widest principal that can assume the role without MFA", () => {
    const read: Holder = { statements: [allow("s3:GetObject")] };
    const inOrganization = { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } } };
    const dangers = dangersOf({
      RoleDetailList: [
        role("everyone", "*", read),
        role("organization", "*", read, inOrganization),
        role("partner", { AWS: ["444455556666", arn("user", "alice")] }, read),
        role("own", ROOT, read),
        role("one", { AWS: arn("user", "alice") }, read),
      ],
    });
    expect(dangers.map(([name, who]) => [name, who])).toEqual([
      ["everyone", "anyone"],
      ["organization", "another account"],
      ["partner", "another account"],
      ["own", "this account"],
      ["one", "named principals"],
    ]);
  });

  test("includes what the roles it can assume without MFA can do, also through other roles", () => {
    const onto = (name: string): Holder => ({ statements: [allow("sts:AssumeRole", arn("role", name))] });
    const admin: Holder = { attached: [`${AWS}AdministratorAccess`] };
    const dangers = dangersOf({
      RoleDetailList: [
        role("admin", ROOT, admin),
        role("guarded", ROOT, admin, WITH_MFA),
        role("second", ROOT, onto("admin")),
        role("third", ROOT, onto("second")),
        role("anywhere", ROOT, { statements: [allow("sts:AssumeRole", "arn:aws:iam::*:role/audit")] }),
        role("kept-out", ROOT, onto("guarded")),
        role("elsewhere", ROOT, {
          statements: [allow("sts:AssumeRole", "arn:aws:iam::444455556666:role/x")],
        }),
      ],
    });
    expect(Object.fromEntries(dangers.map(([name, , can, because]) => [name, [can, because]]))).toEqual({
      admin: ["administrator", []],
      guarded: [undefined, undefined],
      second: ["administrator", [`sts:AssumeRole on ${arn("role", "admin")}`]],
      third: ["administrator", [`sts:AssumeRole on ${arn("role", "second")}`]],
      anywhere: ["unknown", ["sts:AssumeRole on arn:aws:iam::*:role/audit"]],
      "kept-out": ["nothing", []],
      elsewhere: ["unknown", ["sts:AssumeRole on arn:aws:iam::444455556666:role/x"]],
    });
  });

  test("includes a role that requires MFA if it can be passed to a Lambda function", () => {
    const statements = [
      allow("sts:AssumeRole", arn("role", "admin")),
      allow("iam:PassRole", arn("role", "admin")),
      allow(["lambda:CreateFunction", "lambda:InvokeFunction"]),
    ];
    const dangers = dangersOf({
      RoleDetailList: [
        role("admin", ROOT, { attached: [`${AWS}AdministratorAccess`] }, WITH_MFA),
        role("build", ROOT, { statements }),
      ],
    });
    expect(dangers[0]?.slice(0, 3)).toEqual(["build", "this account", "administrator"]);
  });

  test("includes a role whose trust policy names the subject, unless a Deny or MFA stops it", () => {
    const ci = { AWS: arn("role", "ci") };
    const can = (holder: Holder, condition?: object) => {
      const admin = role("admin", ci, { attached: [`${AWS}AdministratorAccess`] }, condition);
      const dangers = dangersOf({ RoleDetailList: [admin, role("ci", ROOT, holder)] });
      return dangers.find(([name]) => name === "ci")?.slice(2);
    };
    expect(can({})).toEqual(["administrator", [`sts:AssumeRole on ${arn("role", "admin")}`]]);
    expect(can({}, WITH_MFA)).toEqual(["nothing", []]);
    expect(can({ statements: [{ ...allow("sts:AssumeRole"), Effect: "Deny" }] })).toEqual(["nothing", []]);
  });
});

describe("the danger of a user", () => {
  const resource = (type: string, name: string, props: Resource["props"]): Resource => ({
    ...{ urn: `urn:pulumi:dev::example::${type}::${name}`, type, name, props },
    ...{ dependencies: {}, secretOutputs: [] },
  });
  const policyOf = (group: string, name: string, statement: object) =>
    resource("aws:iam/groupPolicy:GroupPolicy", name, {
      ...{ group, name: "own", policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }) },
    });
  const alice = [
    resource("aws:iam/user:User", "alice", { name: "alice" }),
    resource("aws:iam/accessKey:AccessKey", "key", { user: "alice" }),
    resource("aws:iam/userGroupMembership:UserGroupMembership", "alice-in", {
      ...{ user: "alice", groups: ["admins", "readers"] },
    }),
    ...["admins", "readers"].map((name) => resource("aws:iam/group:Group", name, { name })),
    policyOf("readers", "read", allow("s3:GetObject")),
  ];
  const admin = policyOf("admins", "administer", allow("*"));
  const dangerOf = (...more: readonly Resource[]) =>
    dangersIn({ kind: "state", name: "dev", resources: [...alice, ...more] }).find(
      ([name]) => name === "alice",
    );

  test("includes what all the user's groups can do", () => {
    expect(dangerOf()).toEqual(["alice", "named principals", "read", ["s3:GetObject"]]);
    expect(dangerOf(admin)).toEqual(["alice", "named principals", "administrator", []]);
  });

  test("is unknown if another resource may remove the user from a group", () => {
    const members = resource("aws:iam/groupMembership:GroupMembership", "members", {
      ...{ group: "admins", users: ["bob"] },
    });
    expect(dangerOf(admin, members)).toEqual(["alice", "named principals", "unknown", ["group admins"]]);
  });

  test("ignores a Deny that another policy of the same name may overwrite", () => {
    const deny = policyOf("admins", "deny", { ...allow("*"), Effect: "Deny" });
    expect(dangerOf(admin, deny)).toEqual(["alice", "named principals", "administrator", []]);
  });

  test("is limited by a permissions boundary that is declared in the same state", () => {
    const alone = (...more: readonly Resource[]) =>
      dangersIn({
        kind: "state",
        name: "dev",
        resources: [
          resource("aws:iam/user:User", "alice", {
            ...{ name: "alice", permissionsBoundary: "arn:aws:iam::111122223333:policy/boundary" },
          }),
          resource("aws:iam/accessKey:AccessKey", "key", { user: "alice" }),
          resource("aws:iam/userPolicy:UserPolicy", "own", {
            ...{ user: "alice", name: "own" },
            policy: JSON.stringify({ Version: "2012-10-17", Statement: [allow("*")] }),
          }),
          ...more,
        ],
      })[0]?.[2];
    const boundary = resource("aws:iam/policy:Policy", "boundary", {
      ...{ name: "boundary" },
      policy: JSON.stringify({ Version: "2012-10-17", Statement: [allow("s3:GetObject")] }),
    });
    expect(alone()).toBe("administrator");
    expect(alone(boundary)).toBe("read");
  });
});
