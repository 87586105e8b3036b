import { runSimulation } from "@cloud-copilot/iam-simulate";
import { describe, expect, test } from "vitest";
import { denyPolicy } from "./deny-policy";
import { memberPolicy } from "./member-policy";
import type { SelfServiceDevices } from "./self-service";

const ACCOUNT = "111122223333";
const arn = (kind: string) => `arn:aws:iam::${ACCOUNT}:${kind}`;

interface Member {
  readonly user?: string;
  readonly path?: string;
  readonly code: boolean;
  readonly selfServiceDevices?: SelfServiceDevices;
  readonly selfServiceKeys?: boolean;
  /** Whether the deny policy is attached too. */
  readonly guarded?: boolean;
  /** Another policy of the user. */
  readonly others?: object;
}

const ROLES = [
  { arn: arn("role/Everybody"), users: "every member" as const },
  { arn: arn("role/Deploy"), users: ["alice"] },
  { arn: arn("role/Nobody"), users: [] },
];

/** Whether an independent evaluator allows a member of the group the call. */
async function allowed(member: Member, action: string, resource: string): Promise<boolean> {
  const { user = "alice", path = "/", code, others } = member;
  const { selfServiceDevices = "createAndEnable", selfServiceKeys = true, guarded = true } = member;
  const rights = { partition: "aws", selfServiceDevices, selfServiceKeys, roles: ROLES };
  const documents = {
    ...(guarded && { deny: JSON.parse(denyPolicy(selfServiceDevices)) }),
    members: JSON.parse(memberPolicy(rights)),
    ...(others && { others }),
  };
  const result = await runSimulation(
    {
      request: {
        action,
        principal: arn(`user${path}${user}`),
        resource: { resource, accountId: ACCOUNT },
        // Long-term access keys carry no MFA key.
        contextVariables: {
          "aws:username": user,
          ...(code && { "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "0" }),
        },
      },
      identityPolicies: Object.entries(documents).map(([name, policy]) => ({ name, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      // The trust policy, which has its own tests, trusts the whole account here.
      ...(action === "sts:AssumeRole" && {
        resourcePolicy: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { AWS: arn("root") }, Action: "sts:AssumeRole" }],
        },
      }),
    },
    {},
  );
  if (result.resultType === "error") throw new Error(JSON.stringify(result.errors));
  return result.overallResult === "Allowed";
}

describe("a member", () => {
  const code = { code: true };
  const noCode = { code: false };

  test.each<[string, Member, string, string, boolean]>([
    ["enables their own device without a code", noCode, "iam:EnableMFADevice", arn("user/alice"), true],
    ["reads their own user without a code", noCode, "iam:GetUser", arn("user/alice"), true],
    [
      "enables their own device without a code if their user has a path",
      { ...noCode, path: "/team/a/" },
      "iam:EnableMFADevice",
      arn("user/team/a/alice"),
      true,
    ],
    ["cannot enable a device of another user", code, "iam:EnableMFADevice", arn("user/bob"), false],
    [
      "cannot enable a device of a user whose name ends in theirs",
      code,
      "iam:EnableMFADevice",
      arn("user/malice"),
      false,
    ],
    [
      "cannot enable a device of a user with a path whose name ends in theirs",
      code,
      "iam:EnableMFADevice",
      arn("user/team/malice"),
      false,
    ],
    [
      "creates their first device without a code",
      noCode,
      "iam:CreateVirtualMFADevice",
      arn("mfa/alice"),
      true,
    ],
    [
      "creates another device of their own without a code",
      noCode,
      "iam:CreateVirtualMFADevice",
      arn("mfa/alice/backup"),
      true,
    ],
    [
      "cannot create a device under another user's name",
      code,
      "iam:CreateVirtualMFADevice",
      arn("mfa/bob"),
      false,
    ],
    ["lists virtual devices without a code", noCode, "iam:ListVirtualMFADevices", "*", true],
    ["starts a session without a code", noCode, "sts:GetSessionToken", "*", true],
    ["assumes a role with a code", code, "sts:AssumeRole", arn("role/Everybody"), true],
    ["cannot assume a role without a code", noCode, "sts:AssumeRole", arn("role/Everybody"), false],
    ["assumes a role that is for them by name", code, "sts:AssumeRole", arn("role/Deploy"), true],
    [
      "cannot assume a role that is for others",
      { ...code, user: "bob" },
      "sts:AssumeRole",
      arn("role/Deploy"),
      false,
    ],
    ["cannot assume a role that is for no user", code, "sts:AssumeRole", arn("role/Nobody"), false],
    ["cannot assume a role outside the stack", code, "sts:AssumeRole", arn("role/Other"), false],
    ["cannot list buckets by the group's policies alone", code, "s3:ListAllMyBuckets", "*", false],
  ])("%s", async (_what, member, action, resource, expected) => {
    expect(await allowed(member, action, resource)).toBe(expected);
  });

  test("with all rights from another policy lists buckets only with a code", async () => {
    const others = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
    expect(await allowed({ code: false, others }, "s3:ListAllMyBuckets", "*")).toBe(false);
    expect(await allowed({ code: true, others }, "s3:ListAllMyBuckets", "*")).toBe(true);
  });
});

describe.each([
  "iam:CreateAccessKey",
  "iam:DeleteAccessKey",
  "iam:GetAccessKeyLastUsed",
  "iam:ListAccessKeys",
  "iam:UpdateAccessKey",
])("%s", (action) => {
  const own = arn("user/alice");

  test.each<[string, Member, string, boolean]>([
    ["is allowed on the member's own user with a code", { code: true }, own, true],
    [
      "is allowed on the member's own user with a path, with a code",
      { code: true, path: "/team/" },
      arn("user/team/alice"),
      true,
    ],
    ["is not allowed without a code", { code: false }, own, false],
    [
      "is not allowed without a code, even without the deny policy",
      { code: false, guarded: false },
      own,
      false,
    ],
    [
      "is not allowed without a code if another policy allows everything",
      {
        code: false,
        others: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
      },
      own,
      false,
    ],
    ["is not allowed on another user", { code: true }, arn("user/bob"), false],
    [
      "is not allowed on a user whose name ends in the member's",
      { code: true },
      arn("user/team/malice"),
      false,
    ],
    [
      "is not allowed on a user whose name begins with the member's",
      { code: true },
      arn("user/alice-backup"),
      false,
    ],
    ["is not allowed if selfServiceKeys is false", { code: true, selfServiceKeys: false }, own, false],
  ])("%s", async (_what, member, resource, expected) => {
    expect(await allowed(member, action, resource)).toBe(expected);
  });
});

describe("ann, beside a user ann-backup,", () => {
  const rows = [
    [arn("mfa/ann"), true],
    [arn("mfa/ann/backup"), true],
    [arn("mfa/ann-backup"), false],
    [arn("mfa/ann-backup/backup"), false],
    [arn("mfa/joann"), false],
    [arn("mfa/joann/backup"), false],
    [arn("mfa/team/ann"), false],
    [arn("mfa/bob/ann"), false],
    [arn("mfa/bob/ann/backup"), false],
  ] as const;

  test.each(rows)("may create the device %s: %s", async (device, expected) => {
    for (const code of [false, true]) {
      expect(await allowed({ user: "ann", code }, "iam:CreateVirtualMFADevice", device)).toBe(expected);
    }
  });

  test("can enable a device for ann but not for ann-backup, and ann-backup not for ann", async () => {
    const enable = (user: string, of: string) =>
      allowed({ user, code: true }, "iam:EnableMFADevice", arn(`user/${of}`));
    expect(await enable("ann", "ann")).toBe(true);
    expect(await enable("ann", "ann-backup")).toBe(false);
    expect(await enable("ann-backup", "ann")).toBe(false);
  });
});

describe("selfServiceDevices", () => {
  const others = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  const make = ["iam:CreateVirtualMFADevice", arn("mfa/alice")] as const;
  const enable = ["iam:EnableMFADevice", arn("user/alice")] as const;

  // A hardware token need not be created: a thief who may enable a device may enable one.
  test.each<[SelfServiceDevices, { make: boolean; enable: boolean }]>([
    ["createAndEnable", { make: true, enable: true }],
    ["enable", { make: false, enable: true }],
    ["none", { make: false, enable: false }],
  ])(
    "%s opens these calls to the stolen access keys of a user without a device: %j",
    async (selfServiceDevices, open) => {
      for (const member of [{}, { others }]) {
        const thief = { code: false, selfServiceDevices, ...member };
        expect(await allowed(thief, ...make)).toBe(open.make);
        expect(await allowed(thief, ...enable)).toBe(open.enable);
      }
    },
  );

  test.each<SelfServiceDevices>(["createAndEnable", "enable", "none"])(
    "%s lets a user with a code list their own devices",
    async (selfServiceDevices) => {
      expect(await allowed({ code: true, selfServiceDevices }, "iam:ListMFADevices", arn("user/alice"))).toBe(
        true,
      );
    },
  );
});
