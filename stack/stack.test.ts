import * as pulumi from "@pulumi/pulumi";
import { isSecret } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { type Recording, record, valueIn } from "./testing/recording";

const DEFAULT_TAGS = { ManagedBy: "pulumi", "pulumi:project": "aws-mfa-stack", "pulumi:stack": "dev" };

function ofType(recording: Recording, type: string) {
  return recording.resources.filter((resource) => resource.type === type);
}

function inputsOf(recording: Recording, type: string, name: string) {
  const inputs = recording.resources.find(
    (resource) => resource.type === type && resource.name === name,
  )?.inputs;
  if (inputs === undefined) throw new Error(`no ${type} named ${name} was registered`);
  return inputs;
}

function documentOf(recording: Recording, name: string) {
  return JSON.parse(String(inputsOf(recording, "aws:iam/policy:Policy", name).policy));
}

function trustOf(recording: Recording, role: string) {
  return JSON.parse(String(inputsOf(recording, "aws:iam/role:Role", role).assumeRolePolicy)).Statement;
}

describe("the stack with its defaults", () => {
  test("creates only the guarded group, the user with a device, and the role", async () => {
    const { resources } = await record({ users: ["alice"] });
    expect(resources.map(({ type }) => type).sort()).toEqual([
      "aws-mfa:index:MfaAccess",
      "aws-mfa:index:MfaGroup",
      "aws-mfa:index:MfaRole",
      "aws-mfa:index:MfaUser",
      "aws:iam/group:Group",
      "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
      "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
      "aws:iam/policy:Policy",
      "aws:iam/policy:Policy",
      "aws:iam/role:Role",
      "aws:iam/rolePolicy:RolePolicy",
      "aws:iam/user:User",
      "aws:iam/userGroupMembership:UserGroupMembership",
      "aws:iam/virtualMfaDevice:VirtualMfaDevice",
      "pulumi-nodejs:dynamic/aws-mfa-stack:DeviceRemoval",
      "pulumi-nodejs:dynamic/aws-mfa-stack:Members",
      "pulumi-nodejs:dynamic/aws-mfa-stack:UserRelease",
    ]);
  });

  test("attaches both policies to the group by their ARNs", async () => {
    const recording = await record({ users: ["alice"] });
    expect(
      ofType(recording, "aws:iam/groupPolicyAttachment:GroupPolicyAttachment").map(({ inputs }) => inputs),
    ).toEqual(
      expect.arrayContaining([
        { group: "MFA", policyArn: "arn:aws:iam::111122223333:policy/MFA-DenyWithoutMFA" },
        { group: "MFA", policyArn: "arn:aws:iam::111122223333:policy/MFA-Members" },
      ]),
    );
  });

  test("creates a device with a secret seed and QR code, which is deleted before it is replaced", async () => {
    const recording = await record({ users: ["alice"] });
    expect(ofType(recording, "aws:iam/virtualMfaDevice:VirtualMfaDevice")).toEqual([
      expect.objectContaining({
        inputs: { virtualMfaDeviceName: "alice", tags: DEFAULT_TAGS },
        secretOutputs: ["base32StringSeed", "qrCodePng"],
        deleteBeforeReplace: true,
      }),
    ]);
  });

  test("creates further devices under the user's name, each with a DeviceRemoval and a secret seed", async () => {
    const recording = await record({
      devices: ["phone", "backup"],
      users: ["ann", "ann-backup", { name: "bob", devices: ["token"] }],
    });
    const serials = ofType(recording, "pulumi-nodejs:dynamic/aws-mfa-stack:DeviceRemoval").map(
      ({ name, inputs }) => [name, inputs.serialNumber, inputs.userName],
    );
    const arn = "arn:aws:iam::111122223333:mfa/";
    expect(serials.sort()).toEqual([
      ["ann", `${arn}ann`, "ann"],
      ["ann-backup", `${arn}ann-backup`, "ann-backup"],
      ["ann-backup/backup", `${arn}ann-backup/backup`, "ann-backup"],
      ["ann/backup", `${arn}ann/backup`, "ann"],
      ["bob", `${arn}bob`, "bob"],
    ]);
    const backup = recording.resources.find(
      ({ type, name }) => type === "aws:iam/virtualMfaDevice:VirtualMfaDevice" && name === "ann/backup",
    );
    expect(backup).toMatchObject({
      inputs: { virtualMfaDeviceName: "backup", path: "/ann/", tags: DEFAULT_TAGS },
      secretOutputs: ["base32StringSeed", "qrCodePng"],
      deleteBeforeReplace: true,
    });
    const { outputs } = recording;
    const seed = outputs["seed:ann/backup"];
    expect(seed && (await isSecret(seed))).toBe(true);
    expect(seed && (await valueIn(seed))).toBe("seed of backup");
    const ann = outputs.users.ann;
    expect(ann && (await valueIn(pulumi.output(ann.devices)))).toEqual([
      { name: "phone", mfaSerial: `${arn}ann` },
      { name: "backup", mfaSerial: `${arn}ann/backup` },
    ]);
    expect(ann && (await valueIn(ann.mfaSerial))).toBe(`${arn}ann`);
  });

  test("creates a DeviceRemoval with the device's serial number, user and region", async () => {
    const recording = await record({ users: ["alice"] });
    expect(inputsOf(recording, "pulumi-nodejs:dynamic/aws-mfa-stack:DeviceRemoval", "alice")).toMatchObject({
      serialNumber: "arn:aws:iam::111122223333:mfa/alice",
      userName: "alice",
      region: "eu-central-1",
    });
  });

  test("outputs the seed of each device, also for names that are numbers", async () => {
    const { outputs } = await record({ devices: ["phone", "2", "1"], users: ["alice"] });
    const seedOf = async (id: string) => {
      const seed = outputs[`seed:${id}`];
      return seed && (await valueIn(seed));
    };
    expect(await Promise.all(["alice", "alice/2", "alice/1"].map(seedOf))).toEqual([
      "seed of alice",
      "seed of 2",
      "seed of 1",
    ]);
  });

  test("adds the user to the group with a UserGroupMembership, which keeps other memberships", async () => {
    const recording = await record({ users: ["alice"] });
    expect(inputsOf(recording, "aws:iam/userGroupMembership:UserGroupMembership", "alice")).toEqual({
      user: "alice",
      groups: ["MFA"],
    });
  });

  test("outputs the names and ARNs of the group and its deny policy, and the session duration", async () => {
    const { outputs } = await record({ users: ["alice"] });
    expect(await valueIn(outputs.groupName)).toBe("MFA");
    expect(await valueIn(outputs.groupArn)).toBe("arn:aws:iam::111122223333:group/MFA");
    expect(await valueIn(outputs.denyPolicyName)).toBe("MFA-DenyWithoutMFA");
    expect(await valueIn(outputs.denyPolicyArn)).toBe("arn:aws:iam::111122223333:policy/MFA-DenyWithoutMFA");
    const role = outputs.roles.MFABasedAccess;
    expect(role && (await valueIn(role.sessionSeconds))).toBe(3600);
  });

  test("outputs the devices and seeds as secrets, and no other output has a seed", async () => {
    const { outputs } = await record({ users: ["alice", "bob"] });
    expect(await isSecret(outputs.devices)).toBe(true);
    expect(await valueIn(outputs.devices)).toEqual({
      alice: { base32StringSeed: "seed of alice", qrCodePng: "picture of alice" },
      bob: { base32StringSeed: "seed of bob", qrCodePng: "picture of bob" },
    });
    const seed = outputs["seed:bob"];
    expect(seed && (await isSecret(seed))).toBe(true);
    expect(seed && (await valueIn(seed))).toBe("seed of bob");
    const others = Object.entries(outputs).filter(([name]) => !/^(devices$|seed:)/.test(name));
    expect(JSON.stringify(await valueIn(pulumi.output(others)))).not.toContain("seed of");
  });

  test("outputs the user's profile", async () => {
    const { outputs } = await record({ users: ["alice"] });
    const alice = outputs.users.alice;
    expect(alice && (await valueIn(alice.profile))).toContain(
      [
        "[profile mfabasedaccess]",
        "role_arn = arn:aws:iam::111122223333:role/MFABasedAccess",
        "mfa_serial = arn:aws:iam::111122223333:mfa/alice",
        "source_profile = default",
        "duration_seconds = 3600",
        "region = eu-central-1",
      ].join("\n"),
    );
  });
});

describe("the deny policy", () => {
  const everything = [
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GetUser",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
  ];

  test.each([
    [true, everything],
    ["enable", everything.slice(1)],
    [false, everything.slice(2)],
  ])(
    "with selfServiceDevices %s leaves only its self-service actions open without MFA",
    async (selfServiceDevices, open) => {
      expect(documentOf(await record({ selfServiceDevices }), "aws-mfa-stack-deny")).toEqual({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "DenyAllAboveExceptBelowOperationsIfNoMFACode",
            Effect: "Deny",
            NotAction: open,
            Resource: "*",
            Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
          },
        ],
      });
    },
  );
});

describe("roles", () => {
  const root = "arn:aws:iam::111122223333:root";

  test("by default trust this account with MFA only", async () => {
    expect(trustOf(await record({}), "MFABasedAccess")).toEqual([
      {
        Sid: "AssumeWithMFA",
        Effect: "Allow",
        Principal: { AWS: [root] },
        Action: "sts:AssumeRole",
        Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
      },
    ]);
  });

  test("require a recent code with maxMfaAgeSeconds", async () => {
    const recording = await record({ roles: [{ name: "Deploy", maxMfaAgeSeconds: 900 }] });
    expect(trustOf(recording, "Deploy")[0].Condition).toEqual({
      Bool: { "aws:MultiFactorAuthPresent": "true" },
      NumericLessThan: { "aws:MultiFactorAuthAge": "900" },
    });
  });

  test("trust the given accounts and users, including the stack's users by name", async () => {
    const recording = await record({
      users: [{ name: "alice", path: "/team/" }],
      roles: [
        {
          name: "Deploy",
          trust: { accounts: ["444455556666"], users: ["alice", "arn:aws:iam::777788889999:user/zoe"] },
        },
      ],
    });
    expect(trustOf(recording, "Deploy")[0].Principal.AWS).toEqual([
      "arn:aws:iam::444455556666:root",
      "arn:aws:iam::111122223333:user/team/alice",
      "arn:aws:iam::777788889999:user/zoe",
    ]);
  });

  test("have the configured session duration, permissions, path, boundary and tags", async () => {
    const boundary = "arn:aws:iam::111122223333:policy/Boundary";
    const inlinePolicy = {
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" },
    };
    const recording = await record({
      tags: { Team: "platform" },
      roles: [
        {
          name: "Deploy",
          sessionSeconds: 43200,
          managedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
          inlinePolicy,
          path: "/people/",
          permissionsBoundary: boundary,
        },
      ],
    });
    expect(inputsOf(recording, "aws:iam/role:Role", "Deploy")).toMatchObject({
      maxSessionDuration: 43200,
      path: "/people/",
      permissionsBoundary: boundary,
      tags: { ...DEFAULT_TAGS, Team: "platform" },
    });
    expect(JSON.parse(String(inputsOf(recording, "aws:iam/rolePolicy:RolePolicy", "Deploy").policy))).toEqual(
      inlinePolicy,
    );
    expect(
      ofType(recording, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").map(
        ({ inputs }) => inputs.policyArn,
      ),
    ).toEqual(["arn:aws:iam::aws:policy/ReadOnlyAccess"]);
  });

  test("in another account are created there, and trust the users' account", async () => {
    const assumeRoleArn = "arn:aws:iam::777788889999:role/OrganizationAccountAccessRole";
    const recording = await record({ users: ["alice"], roles: [{ name: "Audit", assumeRoleArn }] });
    expect(
      ofType(recording, "pulumi:providers:aws").map(({ inputs }) => JSON.parse(inputs.assumeRoles as string)),
    ).toEqual([[{ roleArn: assumeRoleArn, sessionName: "aws-mfa-stack" }]]);
    expect(ofType(recording, "aws:iam/role:Role")[0]?.provider).toContain(
      "pulumi:providers:aws::aws-mfa-stack-through-777788889999",
    );
    expect(ofType(recording, "aws:iam/user:User")[0]?.provider).toBe("");
    expect(trustOf(recording, "Audit")[0].Principal.AWS).toEqual([root]);
    expect(JSON.stringify(documentOf(recording, "aws-mfa-stack-members"))).toContain(
      "arn:aws:iam::777788889999:role/Audit",
    );
  });

  test("in the same other account share one provider", async () => {
    const assumeRoleArn = "arn:aws:iam::777788889999:role/OrganizationAccountAccessRole";
    const recording = await record({
      roles: [
        { name: "Audit", assumeRoleArn },
        { name: "Repair", assumeRoleArn },
      ],
    });
    expect(ofType(recording, "pulumi:providers:aws")).toHaveLength(1);
  });
});

describe("users", () => {
  test("are recorded with their origin, and with the caller if the caller is one of them", async () => {
    const users = ["alice", { name: "bob", retainOnDelete: true }, { name: "carol", existing: true }];
    const surroundings = { users: { carol: "arn:aws:iam::111122223333:user/old/carol" } };
    const members = async (caller: string) =>
      inputsOf(
        await record(
          { users, releaseUsers: ["dave"] },
          { ...surroundings, caller: `arn:aws:iam::111122223333:${caller}` },
        ),
        "pulumi-nodejs:dynamic/aws-mfa-stack:Members",
        "aws-mfa-stack",
      );
    expect(await members("user/team/bob")).toMatchObject({
      users: { alice: "created", bob: "retained", carol: "existing" },
      releaseUsers: ["dave"],
      caller: "bob",
    });
    expect(await members("user/erin")).not.toHaveProperty("caller");
    expect(await members("role/alice")).not.toHaveProperty("caller");
  });

  test("that already exist are added to the group but not created, and keep their path", async () => {
    const recording = await record(
      {
        users: [{ name: "carol", existing: true }],
        roles: [{ name: "Deploy", trust: { users: ["carol"] } }],
      },
      { users: { carol: "arn:aws:iam::111122223333:user/old/carol" } },
    );
    expect(ofType(recording, "aws:iam/user:User")).toEqual([]);
    expect(inputsOf(recording, "aws:iam/userGroupMembership:UserGroupMembership", "carol")).toEqual({
      user: "carol",
      groups: ["MFA"],
    });
    expect(trustOf(recording, "Deploy")[0].Principal.AWS).toEqual([
      "arn:aws:iam::111122223333:user/old/carol",
    ]);
  });

  test("get a profile for each role that they may assume", async () => {
    const { outputs } = await record({
      users: ["alice", { name: "bob", roles: ["Look"] }],
      roles: [
        { name: "Deploy" },
        { name: "Look" },
        { name: "Elsewhere", trust: { accounts: ["444455556666"] } },
      ],
    });
    const profiles = async (user: string) => {
      const found = outputs.users[user]?.profiles;
      return found && (await valueIn(found));
    };
    const names = (await profiles("alice"))?.map(({ name }) => name);
    expect(names).toEqual(["mfabasedaccess", "mfabasedaccess-Look"]);
    expect(await profiles("bob")).toEqual([
      {
        name: "mfabasedaccess",
        roleArn: "arn:aws:iam::111122223333:role/Look",
        sourceProfile: "default",
        durationSeconds: 3600,
        region: "eu-central-1",
      },
    ]);
  });

  test("whose roles exclude a role are not allowed to assume it, and the others are by name", async () => {
    const recording = await record({
      users: ["zoe", "alice", { name: "bob", roles: ["Look"] }],
      roles: [{ name: "Deploy" }, { name: "Look" }],
    });
    const statements: { Action: unknown; Resource: unknown; Condition?: unknown }[] = documentOf(
      recording,
      "aws-mfa-stack-members",
    ).Statement;
    expect(
      statements
        .filter(({ Action }) => Action === "sts:AssumeRole")
        .map(({ Resource, Condition }) => ({ Resource, Condition })),
    ).toEqual([
      {
        Resource: ["arn:aws:iam::111122223333:role/Deploy"],
        Condition: { StringEquals: { "aws:username": ["alice", "zoe"] } },
      },
      { Resource: ["arn:aws:iam::111122223333:role/Look"], Condition: undefined },
    ]);
  });
});

test("every ARN has the account's partition", async () => {
  const recording = await record({ users: ["alice"] }, { partition: "aws-cn" });
  const arns = JSON.stringify(recording.resources.map(({ inputs }) => ({ ...inputs, __provider: "" }))).match(
    /arn:[a-z-]+:/g,
  );
  expect(new Set(arns)).toEqual(new Set(["arn:aws-cn:"]));
});
