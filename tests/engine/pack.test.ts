import { Role } from "@pulumi/aws/iam";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { releaseAccess } from "../../examples/bad/release-access";
import { backupAccess } from "../../examples/good/backup-access";
import { failureOf, openScene, type Scene } from "./scene";

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
  return () => scene.close();
});

/** Each test has an empty account: a group of the bad example is there before its stack is evaluated as a whole. */
afterEach(() => scene.reset());

test("the bad example is rejected, at preview and at up, before any of its roles exists", async () => {
  const stack = await scene.stack(releaseAccess);
  for (const printed of [await failureOf(stack.preview()), await failureOf(stack.up())]) {
    expect(printed).toContain("iam-role-requires-mfa");
    expect(printed).toContain("mandatory");
  }
  const { Roles } = await scene.iam.listRoles();
  expect(Roles).toEqual([]);
});

test("the good example is accepted, deployed, unchanged by a second up, and destroyed", async () => {
  const stack = await scene.stack(backupAccess);
  expect((await stack.preview()).printed).toContain("aws-mfa@");
  await stack.up();
  const { Roles = [] } = await scene.iam.listRoles();
  expect(Roles.length).toBeGreaterThan(0);
  expect(Object.keys((await stack.up()).changes)).toEqual(["same"]);
  await stack.destroy();
  const { Groups } = await scene.iam.listGroups();
  expect(Groups).toEqual([]);
});

describe("with a configuration", () => {
  const trust = (more: object) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { AWS: "123456789012" }, Action: "sts:AssumeRole", ...more }],
    });
  const oneRole = async () => {
    new Role("deploy", { name: "deploy", assumeRolePolicy: trust({}) });
  };

  test("remediate adds the condition before the role is created, and a second up changes nothing", async () => {
    const stack = await scene.stack(oneRole, {
      packConfig: {
        "iam-role-requires-mfa": {
          enforcementLevel: "remediate",
          peopleArns: ["arn:aws:iam::123456789012:user/*"],
        },
      },
    });
    await stack.up();
    const { Role: role } = await scene.iam.getRole({ RoleName: "deploy" });
    expect(JSON.parse(decodeURIComponent(role?.AssumeRolePolicyDocument ?? ""))).toEqual(
      JSON.parse(trust({ Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } })),
    );
    expect(Object.keys((await stack.up()).changes)).toEqual(["same"]);
    await stack.destroy();
  });

  test("an exemption lets the role pass and is reported, even if all policies are mandatory", async () => {
    const exemptions = [{ name: "deploy", reason: "a machine's role" }];
    const all = { enforcementLevel: "mandatory" };
    const stack = await scene.stack(oneRole, {
      packConfig: { all, "iam-role-requires-mfa": { exemptions } },
    });
    const { printed } = await stack.up();
    expect(printed).toContain("Exempt: a machine's role.");
    await stack.destroy();
  });

  test("a misspelled key and a misspelled policy are reported at once, each with the closest match", async () => {
    const stack = await scene.stack(oneRole, {
      packConfig: {
        "iam-role-requires-mfa": { exemption: [] },
        "iam-group-require-mfa": { enforcementLevel: "advisory" },
      },
    });
    const failure = await failureOf(stack.preview());
    expect(failure).toContain('exemption: unknown key; did you mean "exemptions"?');
    expect(failure).toContain(
      'iam-group-require-mfa: this pack has no such policy; did you mean "iam-group-requires-mfa"?',
    );
    expect(failure).toContain("--policy-pack-config");
    expect(failure).not.toMatch(/^\s+at .*\.js:/m);
  });
});
