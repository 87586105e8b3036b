import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { MfaAccess } from "./access/mfa-access";
import { readArguments } from "./arguments/input";
import { access, group, guard, mfaRole, mfaUser } from "./arguments/schema";
import { denyPolicy } from "./group/deny-policy";
import { MfaGuard } from "./group/mfa-guard";
import { MfaUser } from "./user/mfa-user";

const registered: { type: string; name: string; inputs: Record<string, unknown> }[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, name, inputs });
      return { id: name, state: { ...inputs, arn: `arn:aws:iam::111122223333:policy/${inputs.name}` } };
    },
    call: ({ token }) => {
      const known = {
        "aws:index/getCallerIdentity:getCallerIdentity": {
          accountId: "111122223333",
          arn: "arn:aws:iam::111122223333:user/dora",
        },
        "aws:index/getPartition:getPartition": { partition: "aws" },
        "aws:index/getRegion:getRegion": { region: "us-east-1" },
      }[token];
      if (known === undefined) throw new Error(`unexpected ${token}`);
      return known;
    },
  });
});

test("MfaGuard attaches the deny policy to each group before it outputs their names", async () => {
  const { groupNames } = new MfaGuard("guard", {
    policyName: "DenyWithoutMFA",
    groupNames: ["staff", "vendors"],
    selfServiceDevices: "none",
  });
  const names = await new Promise((resolve) => void groupNames.apply((value) => resolve(value)));
  expect(names).toEqual(["staff", "vendors"]);
  const of = (type: string) => registered.filter((each) => each.type === type);
  expect(of("aws:iam/policy:Policy").map(({ inputs }) => inputs.policy)).toEqual([denyPolicy("none")]);
  expect(
    of("aws:iam/groupPolicyAttachment:GroupPolicyAttachment").map(({ name, inputs }) => [name, inputs.group]),
  ).toEqual([
    ["guard-staff", "staff"],
    ["guard-vendors", "vendors"],
  ]);
});

test("MfaGuard names an attachment after the group, in lower case", async () => {
  const { groupNames } = new MfaGuard("guarded", { policyName: "DenyWithoutMFA", groupNames: ["Staff"] });
  await new Promise((resolve) => void groupNames.apply(resolve));
  expect(registered.map(({ name }) => name)).toContain("guarded-staff");
});

/** The options with which a component registers its children. */
function recordedOptions(): {
  options: Map<string, pulumi.CustomResourceOptions>;
  opts: pulumi.ComponentResourceOptions;
} {
  const options = new Map<string, pulumi.CustomResourceOptions>();
  const transformation: pulumi.ResourceTransformation = ({ type, props, opts }) => {
    options.set(type, opts);
    return { props, opts };
  };
  return { options, opts: { transformations: [transformation] } };
}

test("MfaUser never sets retainOnDelete to false: its children inherit the program's option", () => {
  const { options, opts } = recordedOptions();
  new MfaUser("carol", { userName: "carol", groupName: "MFA" }, opts);
  const stays = (type: string) => options.get(type)?.retainOnDelete;
  expect(stays("aws:iam/userGroupMembership:UserGroupMembership")).toBe(true);
  expect(stays("aws:iam/user:User")).toBeUndefined();
  expect(stays("pulumi-nodejs:dynamic/aws-mfa-stack:UserRelease")).toBeUndefined();
});

test.each([
  ["project", true],
  ["people", false],
])(
  "MfaAccess named %s in the program `project` adopts the resources of the stack's own program: %s",
  (name, takes) => {
    const { options, opts } = recordedOptions();
    const assumeRoleArn = "arn:aws:iam::777788889999:role/Deploy";
    new MfaAccess(name, { users: [{ name: "carol" }], roles: [{ name: "Audit", assumeRoleArn }] }, opts);
    const types = ["MfaGroup", "MfaUser", "MfaRole"].map((type) => `aws-mfa:index:${type}`);
    const members = "pulumi-nodejs:dynamic/aws-mfa-stack:Members";
    for (const type of [...types, members, "pulumi:providers:aws"]) {
      expect([type, (options.get(type)?.aliases ?? []).length > 0]).toEqual([type, takes]);
    }
  },
);

describe("an argument", () => {
  /** The value that a resource is created with. */
  const known = (value: unknown) => pulumi.runtime.serializeProperties("of a resource", { value });

  test("that is known and invalid is rejected at once, with all others", () => {
    expect(() =>
      readArguments("ops", mfaUser, { userName: "al ice", groupName: "", existing: "yes" }),
    ).toThrow(
      /3 errors\. Nothing of ops was created or changed\.[\s\S]*ops:userName: expected[\s\S]*ops:groupName: expected[\s\S]*ops:existing: expected/,
    );
  });

  test("that decides which resources exist cannot be an output", () => {
    const groupNames = ["staff", pulumi.output("vendors")];
    expect(() => readArguments("ops", guard, { policyName: "Deny", groupNames })).toThrow(
      /ops:groupNames\[1\]: expected an IAM group name: .*, got an output/,
    );
  });

  test("cannot contain the same known name twice, ignoring case", () => {
    const groups = { policyName: "Deny", groupNames: ["staff", "Staff"] };
    expect(() => readArguments("ops", guard, groups)).toThrow("ops:groupNames: expected unique names");
    const user = { userName: "carol", groupName: "MFA", devices: ["phone", "Phone"] };
    expect(() => readArguments("ops", mfaUser, user)).toThrow("ops:devices: expected unique names");
    const [known, late] = ["ReadOnlyAccess", "readonlyaccess"].map(
      (name) => `arn:aws:iam::aws:policy/${name}`,
    );
    const role = (...managedPolicyArns: unknown[]) =>
      readArguments("ops", mfaRole, { roleName: "Deploy", managedPolicyArns }).managedPolicyArns;
    expect(() => role(known, late)).toThrow("ops:managedPolicyArns: expected unique names");
    expect(role(known, pulumi.output(late), pulumi.output(late))).toHaveLength(3);
  });

  test("of a role of MfaAccess can be an output", async () => {
    const roles = [{ name: "Deploy", maxMfaAgeSeconds: pulumi.output(900) }];
    const [role] = readArguments("people", access, { roles }).roles;
    expect(await known(pulumi.output(role?.maxMfaAgeSeconds))).toEqual({ value: 900 });
  });

  test("that is known later and valid is passed on", async () => {
    const { groupName } = readArguments("ops", group, { groupName: pulumi.output("OpsMFA") });
    expect(await known(groupName)).toEqual({ value: "OpsMFA" });
  });

  test("that is known later and invalid is rejected with its path, without a claim that nothing was created", async () => {
    const { groupName } = readArguments("ops", group, { groupName: pulumi.output(Promise.resolve("Ops")) });
    if (!pulumi.Output.isInstance(groupName)) throw new Error("its value is not known yet");
    // Each part rejects, and the engine reports unhandled rejections.
    const parts = Object.values(groupName).filter((part) => part instanceof Promise);
    void Promise.allSettled(parts);
    const refused = known(groupName);
    await expect(refused).rejects.toThrow(/value that was not known before[\s\S]*ops:groupName: expected/);
    await expect(refused).rejects.not.toThrow("Nothing");
  });

  test("with an unknown key is rejected, with the closest known key as a suggestion", () => {
    expect(() => readArguments("ops", group, { groupName: "MFA", role: [] })).toThrow(
      "ops:role: unknown key; did you mean roles?",
    );
  });
});
