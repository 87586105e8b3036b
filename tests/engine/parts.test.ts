import * as iam from "@pulumi/aws/iam";
import { afterEach, beforeAll, expect, test } from "vitest";
import { denyPolicy } from "../../infra/group/deny-policy";
import { MfaAccess, MfaGroup, MfaGuard, MfaRole, MfaUser } from "../../infra/index";
import { enableDevice } from "../../local/demo/member";
import type { LocalStack } from "../../local/engine/stack";
import { isUnguarded, people } from "../attack/guard/account";
import { type RecordedAws, recordAws } from "../attack/guard/calls";
import { administrator as administratorIn, deployer } from "./administrator";
import { failureOf, openScene, type Scene } from "./scene";

let scene: Scene;
let aws: RecordedAws;
/** The changing calls after which a guarded user was no longer guarded. */
let exposing: string[] = [];
const guarded = new Set<string>();

// biome-ignore lint/suspicious/noConfusingVoidType: most programs have no outputs.
type Program = () => Record<string, unknown> | void;

beforeAll(async () => {
  scene = await openScene();
  aws = await recordAws(scene.moto.endpoint, async (call) => {
    for (const person of await people(scene.iam)) {
      if (!person.hasActiveKey) continue;
      if (!(await isUnguarded(person))) guarded.add(person.name);
      else if (guarded.has(person.name)) exposing.push(`${call}: ${person.name}`);
    }
  });
  return async () => {
    await aws.close();
    await scene.close();
  };
});

afterEach(async () => {
  await scene.reset();
  aws.begin();
  exposing = [];
  guarded.clear();
});

/** A stack whose program can be changed between two updates. */
async function changing(
  first: Program,
  env: Record<string, string> = {},
): Promise<{ stack: LocalStack; become(next: Program): void }> {
  let program = first;
  const stack = await scene.stack(async () => program() ?? {}, {
    pack: false,
    env: { AWS_ENDPOINT_URL: aws.endpoint, ...env },
  });
  return {
    stack,
    become: (next) => {
      program = next;
    },
  };
}

const administrator = (name: string, ...groups: string[]) => administratorIn(scene.iam, name, ...groups);

const group = (GroupName: string) => scene.iam.createGroup({ GroupName });

test("MfaGuard keeps its groups guarded when its policyName changes", async () => {
  await group("staff");
  await administrator("erin", "staff");
  const of = (policyName: string) => () => void new MfaGuard("guard", { policyName, groupNames: ["staff"] });
  const { stack, become } = await changing(of("DenyWithoutMFA"));
  await stack.up();
  expect([...guarded]).toEqual(["erin"]);
  become(of("StaffDenyWithoutMFA"));
  await stack.up();
  expect(exposing).toEqual([]);
  await stack.destroy();
});

test("MfaGuard keeps the remaining groups guarded when its list of groups changes", async () => {
  for (const name of ["vendors", "staff", "ops"]) await group(name);
  await administrator("erin", "staff");
  await administrator("frank", "ops");
  const of =
    (...groupNames: string[]) =>
    () =>
      void new MfaGuard("guard", { policyName: "DenyWithoutMFA", groupNames });
  const { stack, become } = await changing(of("vendors", "staff"));
  await stack.up();
  become(of("ops", "staff"));
  await stack.up();
  become(of("staff", "vendors", "ops"));
  await stack.up();
  expect([...guarded].sort()).toEqual(["erin", "frank"]);
  expect(exposing).toEqual([]);
  await stack.destroy();
});

test("MfaGuard is attached after a group that it depends on is created, and detached before it is deleted", async () => {
  const { stack } = await changing(() => {
    const staff = new iam.Group("staff", { name: "staff" });
    new MfaGuard("guard", { policyName: "DenyWithoutMFA", groupNames: ["staff"] }, { dependsOn: staff });
  });
  await stack.up();
  await stack.destroy();
  expect(aws.calls.filter((call) => /(Attach|Detach|Create|Delete)Group/.test(call))).toEqual([
    "CreateGroup staff",
    "AttachGroupPolicy staff arn:aws:iam::123456789012:policy/DenyWithoutMFA",
    "DetachGroupPolicy staff arn:aws:iam::123456789012:policy/DenyWithoutMFA",
    "DeleteGroup staff",
  ]);
});

test("MfaUser must join another group before it leaves the old one", async () => {
  await administrator("erin");
  const of = (name: "OpsMFA" | "DevMFA") => () => {
    const groups = {
      OpsMFA: new MfaGroup("ops", { groupName: "OpsMFA" }),
      DevMFA: new MfaGroup("dev", { groupName: "DevMFA" }),
    };
    new MfaUser("erin", { userName: "erin", existing: true, groupName: groups[name].groupName });
  };
  const { stack, become } = await changing(of("OpsMFA"));
  await stack.up();
  become(of("DevMFA"));
  const printed = await failureOf(stack.up());
  expect(exposing).toEqual([]);
  expect(printed).toContain("aws iam add-user-to-group --group-name DevMFA --user-name erin");
  await scene.iam.addUserToGroup({ UserName: "erin", GroupName: "DevMFA" });
  await stack.up();
  expect(exposing).toEqual([]);
});

test("MfaUser stays guarded while its group is renamed", async () => {
  await administrator("erin");
  const of = (groupName: string) => () => {
    const group = new MfaGroup("ops", { groupName });
    new MfaUser("erin", { userName: "erin", existing: true, groupName: group.groupName });
  };
  const { stack, become } = await changing(of("OpsMFA"));
  await stack.up();
  become(of("DevMFA"));
  await stack.up();
  expect(exposing).toEqual([]);
});

test("MfaUser stays in the group if the program replaces its user, who has active credentials", async () => {
  const { stack } = await changing(() => {
    const { groupName } = new MfaGroup("ops", { groupName: "OpsMFA" });
    const { name } = new iam.User(
      "erin",
      { name: "erin", forceDestroy: true },
      { deleteBeforeReplace: true },
    );
    new MfaUser("erin", { userName: name, existing: true, groupName });
  });
  await stack.up();
  await scene.iam.attachUserPolicy({
    UserName: "erin",
    PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
  });
  await scene.iam.createAccessKey({ UserName: "erin" });
  const again = () => stack.up(["urn:pulumi:local::aws-mfa-stack::aws:iam/user:User::erin"]);
  expect(await failureOf(again())).toContain("erin stays in AWS, and would no longer need MFA");
  expect(exposing).toEqual([]);
  expect(Object.keys((await stack.up()).changes)).toEqual(["same"]);
});

test("MfaUser rejects another userName and suggests another MfaUser", async () => {
  const of = (userName: string) => () => {
    const { groupName } = new MfaGroup("ops", { groupName: "OpsMFA" });
    new MfaUser("ops", { userName, groupName });
  };
  const { stack, become } = await changing(of("carol"));
  await stack.up();
  become(of("caroline"));
  expect(await failureOf(stack.preview())).toContain("add another MfaUser for caroline");
});

test("MfaGroup with a member added by hand is not deleted and keeps its guard", async () => {
  await administrator("zoe");
  await administrator("erin");
  const { stack, become } = await changing(() => {
    const ops = new MfaGroup("ops", { groupName: "OpsMFA" });
    new MfaUser("erin", { userName: "erin", existing: true, groupName: "OpsMFA" }, { dependsOn: ops });
  });
  await stack.up();
  await scene.iam.addUserToGroup({ UserName: "zoe", GroupName: "OpsMFA" });
  become(() => void new MfaUser("erin", { userName: "erin", existing: true, groupName: "OpsMFA" }));
  expect(await failureOf(stack.up())).toContain(
    "aws iam remove-user-from-group --group-name OpsMFA --user-name",
  );
  expect(aws.calls.filter((call) => /^(Detach|Remove|Delete)/.test(call))).toEqual([]);
});

test("MfaUser does not lock the caller out", async () => {
  const keys = await administrator("dora");
  const { stack } = await changing(() => {
    const { groupName } = new MfaGroup("ops", { groupName: "OpsMFA" });
    new MfaUser("dora", { userName: "dora", existing: true, groupName });
  }, keys);
  expect(await failureOf(stack.up())).toContain("this pulumi up runs as dora, who has no enabled MFA device");
});

test("MfaGuard does not lock the caller out", async () => {
  await group("staff");
  const dora = await administrator("dora", "staff");
  const erin = await administrator("erin");
  const guarding = (name: string) => () =>
    void new MfaGuard("guard", { policyName: "DenyWithoutMFA", groupNames: [name] });
  const { stack } = await changing(guarding("Staff"), dora);
  const refusal = "this pulumi up runs as dora, who has no enabled MFA device";
  expect(await failureOf(stack.preview())).toContain(refusal);
  aws.begin();
  expect(await failureOf(stack.up())).toContain(refusal);
  expect(aws.calls).toEqual([]);
  const { stack: others } = await changing(guarding("staff"), erin);
  await others.up();
  await others.destroy();
});

test("MfaUser can be previewed while its userName is not known", async () => {
  await administrator("erin");
  const of = (name: string) => () => {
    const { groupName } = new MfaGroup("ops", { groupName: "OpsMFA" });
    const other = new iam.Policy("other", { name, policy: denyPolicy("none") });
    const userName = other.arn.apply(() => "erin");
    new MfaUser("erin", { userName, existing: true, groupName, devices: ["phone", "backup"] });
  };
  const { stack, become } = await changing(of("a"));
  await stack.up();
  become(of("b"));
  expect(Object.keys((await stack.preview()).changes)).toContain("replace");
});

test("MfaRole has exactly its managed policies attached after each change of the list", async () => {
  const policy = denyPolicy("none");
  const of =
    (...names: string[]) =>
    () => {
      const arns = new Map(
        ["a", "b", "c"].map((name) => [name, new iam.Policy(name, { name, policy }).arn] as const),
      );
      const managedPolicyArns = names.map((name) => arns.get(name) ?? `arn:aws:iam::aws:policy/${name}`);
      new MfaRole("Deploy", { roleName: "Deploy", managedPolicyArns });
    };
  const { stack, become } = await changing(of("ReadOnlyAccess", "a", "b"));
  await stack.up();
  for (const names of [["b"], ["c", "b"], ["b", "c", "a"], ["c", "a"], ["SecurityAudit", "a"]]) {
    become(of(...names));
    await stack.up();
    const { AttachedPolicies = [] } = await scene.iam.listAttachedRolePolicies({ RoleName: "Deploy" });
    expect(AttachedPolicies.map(({ PolicyName }) => PolicyName).sort()).toEqual(names.toSorted());
    expect(Object.keys((await stack.up()).changes)).toEqual(["same"]);
  }
  await stack.destroy();
});

test("MfaAccess can use the same assumeRoleArn as another MfaAccess", async () => {
  const keys = await administrator("dora");
  const assumeRoleArn = await deployer(scene.iam);
  const access = (name: string) =>
    new MfaAccess(name, { groupName: `${name}MFA`, roles: [{ name, assumeRoleArn }] });
  const { stack } = await changing(() => {
    access("Ops");
    access("Dev");
  }, keys);
  await stack.up();
  expect(Object.keys((await stack.up()).changes)).toEqual(["same"]);
  await stack.destroy();
});

test("MfaUser does not give up its only enabled device or its first device", async () => {
  await administrator("erin");
  const of =
    (...devices: string[]) =>
    () => {
      const { groupName } = new MfaGroup("ops", { groupName: "OpsMFA" });
      const { deviceSecrets } = new MfaUser("erin", { userName: "erin", existing: true, groupName, devices });
      return { seed: deviceSecrets.apply(({ backup }) => backup?.base32StringSeed) };
    };
  const { stack, become } = await changing(of("phone", "backup"));
  await stack.up();
  const seed = await stack.output("seed");
  await enableDevice(scene.iam, "erin", "arn:aws:iam::123456789012:mfa/erin/backup", seed);
  become(of("phone"));
  expect(await failureOf(stack.preview())).toContain("or keep backup in erin:devices.");
  become(of("backup"));
  expect(await failureOf(stack.preview())).toContain("Fix: keep phone first.");
});
