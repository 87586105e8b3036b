import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { enableDevice, newKeys } from "../../local/demo/member";
import { type Caller, mayDo } from "../../local/evaluator/ask";
import { administratorOf } from "../testing/administrator";
import { type AwsWithFaults, awsWithFaults } from "../testing/aws-with-faults";
import { runPlain } from "../testing/command";
import { ACCOUNT, type Fixture, type Keys, OUT_OF_REACH, openFixture, STACK } from "../testing/fixture";
import { runOnPty } from "../testing/pty";

const serialOf = (user: string) => `arn:aws:iam::${ACCOUNT}:mfa/${user}`;
const USERS = ["alice", "bob", "carol", "dora", "erik", "finn", "gina", "hugo", "ines"];
const CHANGES = /^(Put|Update|Delete|Deactivate|Remove)/;

let stage: Fixture;
let aws: AwsWithFaults;
beforeAll(async () => {
  stage = await openFixture({ "aws-mfa-stack:users": USERS });
  aws = await awsWithFaults(stage.moto.endpoint);
  await stage.iam.createGroup({ GroupName: "auditors" });
});
afterAll(async () => {
  await aws?.close();
  await stage?.close();
});
beforeEach(() => {
  for (const action of ["UpdateAccessKey", "DeleteLoginProfile", "GetCallerIdentity", "ListAccessKeys"]) {
    aws.fail(action, undefined);
  }
  aws.forget();
});

/** Gives the user everything that can be removed: an access key, a password, an enabled device, and another group. */
async function settled(user: string): Promise<Keys> {
  const { iam } = stage;
  const { keys } = await stage.member(user);
  await iam.createLoginProfile({ UserName: user, Password: "a password of the tests" });
  await enableDevice(iam, user, serialOf(user), await stage.seedOf(user));
  await iam.addUserToGroup({ UserName: user, GroupName: "auditors" });
  return keys;
}

/** What the user still has, according to AWS. */
async function left(UserName: string) {
  const { iam } = stage;
  const { AccessKeyMetadata = [] } = await iam.listAccessKeys({ UserName });
  const { MFADevices = [] } = await iam.listMFADevices({ UserName });
  const { Groups = [] } = await iam.listGroupsForUser({ UserName });
  const exists = (call: Promise<unknown>) =>
    call.then(
      () => true,
      () => false,
    );
  return {
    locked: await exists(iam.getUserPolicy({ UserName, PolicyName: "aws-mfa-offboarded" })),
    keys: AccessKeyMetadata.map(({ Status }) => Status),
    password: await exists(iam.getLoginProfile({ UserName })),
    devices: MFADevices.length,
    groups: Groups.map(({ GroupName }) => GroupName).sort(),
  };
}

const untouched = {
  locked: false,
  keys: ["Active"],
  password: true,
  devices: 1,
  groups: ["MFA", "auditors"],
};
const out = { locked: true, keys: ["Inactive"], password: false, devices: 0, groups: [] };

const command = (user: string, ...more: string[]) => ["offboard", user, ...stage.onStack, ...more];
const administrator = (change: Record<string, string | undefined> = {}) =>
  administratorOf(stage, aws, change);
const listed = async () => JSON.parse(await stage.pulumi("config", "get", "aws-mfa-stack:users"));
const changes = () => aws.calls.map(({ action }) => action).filter((action) => CHANGES.test(action));

describe("aws-mfa offboard", () => {
  test("shows the plan, asks, removes the user's access, and says what is left to do", async () => {
    const { id } = await settled("alice");
    const sitting = runOnPty(command("alice"), administrator(), { columns: 200 });
    await sitting.sees("Offboard alice as planned?");
    expect(sitting.screen().split("\n").slice(0, 7)).toEqual([
      "Offboard alice:",
      "  1. Deny alice everything, including in their own open sessions (inline policy aws-mfa-offboarded)",
      `  2. Deactivate the access keys: ${id}`,
      "  3. Delete the console password",
      `  4. Deactivate the MFA devices: ${serialOf("alice")}`,
      "  5. Remove the group memberships: MFA, auditors",
      "  6. Remove alice from aws-mfa-stack:users (pulumi config)",
    ]);
    expect(changes()).toEqual([]);
    sitting.answers("y");
    expect(await sitting.ends()).toBe(0);
    expect(await left("alice")).toEqual(out);
    expect(await listed()).toEqual(USERS.filter((user) => user !== "alice"));
    expect(sitting.screen()).toContain(`Run pulumi up --stack ${STACK}\nIt deletes the device`);
    expect(sitting.screen()).toContain("remain valid until they expire, at most: MFABasedAccess 1 h.");
    expect(sitting.screen()).toContain("aws iam put-role-policy --role-name ROLE");
  });

  test("denies the user everything first, and removes the group memberships last", async () => {
    await settled("bob");
    const administers = { UserName: "bob", PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" };
    await stage.iam.attachUserPolicy(administers);
    const may = (caller: Caller) =>
      mayDo(stage.iam, "bob", caller, "s3:DeleteBucket", "arn:aws:s3:::reports");
    expect([await may("access keys"), await may("an MFA code")]).toEqual([false, true]);
    expect((await runPlain(command("bob", "--yes"), administrator())).code).toBe(0);
    expect(changes()).toEqual([
      "PutUserPolicy",
      "UpdateAccessKey",
      "DeleteLoginProfile",
      "DeactivateMFADevice",
      "RemoveUserFromGroup",
      "RemoveUserFromGroup",
    ]);
    expect([await may("access keys"), await may("an MFA code")]).toEqual([false, false]);
    await stage.iam.detachUserPolicy(administers);
  });

  test("marks every step as done when run again, and changes nothing", async () => {
    const { code, stdout, stderr } = await runPlain(command("bob"), administrator());
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.match(/^✓ \d\./gm)).toHaveLength(6);
    expect(stdout).toContain("Still to do:");
    expect(changes()).toEqual([]);
  });

  test.each<[string, string[], unknown]>([
    ["comma-separated names", ["config", "set", "aws-mfa-stack:users", "hugo, alice,ines"], "hugo,ines"],
    ["JSON", ["config", "set", "aws-mfa-stack:users", '["hugo",{"name":"alice"},"ines"]'], '["hugo","ines"]'],
    [
      "a list",
      [
        "config",
        "set-all",
        "--path",
        ...["hugo", "alice", "ines"].flatMap((user, index) => [
          "--plaintext",
          `aws-mfa-stack:users[${index}].name=${user}`,
        ]),
      ],
      '[{"name":"hugo"},{"name":"ines"}]',
    ],
  ])("removes the user from a configuration with %s", async (_, set, rest) => {
    const before = await listed();
    await stage.pulumi("config", "rm", "aws-mfa-stack:users");
    await stage.pulumi(...set);
    const { code, stdout } = await runPlain(command("alice", "--yes"), administrator());
    const { value } = JSON.parse(await stage.pulumi("config", "get", "aws-mfa-stack:users", "--json"));
    await stage.pulumi("config", "rm", "aws-mfa-stack:users");
    await stage.stack.configure({ "aws-mfa-stack:users": before });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ \d\. Remove alice from aws-mfa-stack:users/m);
    expect(value).toBe(rest);
  });

  test("says to remove the user where the configuration is kept if it is not in the project", async () => {
    const before = await listed();
    await stage.pulumi("config", "rm", "aws-mfa-stack:users");
    const { code, stdout } = await runPlain(command("alice", "--yes"), administrator());
    await stage.stack.configure({ "aws-mfa-stack:users": before });
    expect(code).toBe(0);
    expect(stdout).toContain("Remove alice where it is kept");
  });

  test("lets the next pulumi up delete the user without a manual step", async () => {
    const stays = USERS.filter((user) => user !== "alice" && user !== "bob");
    await stage.stack.up();
    const { Users = [] } = await stage.iam.listUsers();
    expect(Users.map(({ UserName }) => UserName).sort()).toEqual(stays);
  });

  test.each([
    ["answers n", "n\r", 1, "Nothing was changed."],
    ["presses Enter", "\r", 1, "Nothing was changed."],
    ["presses Ctrl-C", "\x03", 130, "Interrupted.\nNothing was changed."],
  ])("changes nothing if the administrator %s", async (_, key, code, said) => {
    if (!(await left("carol")).password) await settled("carol");
    const sitting = runOnPty(command("carol"), administrator());
    await sitting.sees("Offboard carol as planned?");
    sitting.presses(key);
    expect(await sitting.ends()).toBe(code);
    expect(sitting.screen()).toContain(said);
    expect(await left("carol")).toEqual(untouched);
  });

  test("fails if the user has another key by then, and deactivates it when run again", async () => {
    await settled("ines");
    const sitting = runOnPty(command("ines"), administrator(), { columns: 200 });
    await sitting.sees("Offboard ines as planned?");
    await newKeys(stage.iam, "ines");
    sitting.answers("y");
    expect(await sitting.ends()).toBe(1);
    expect(sitting.screen()).toContain("ines still has access that was not in it");
    expect((await runPlain(command("ines", "--yes"), administrator())).code).toBe(0);
    expect(await left("ines")).toEqual({ ...out, keys: ["Inactive", "Inactive"] });
  });

  test("continues after a failed step, and marks the steps that are done", async () => {
    await settled("dora");
    aws.fail("DeleteLoginProfile", { status: 409, code: "EntityTemporarilyUnmodifiable", message: "wait" });
    const stopped = await runPlain(command("dora", "--yes"), administrator());
    expect(stopped.code).toBe(5);
    expect(stopped.stderr).toMatch(/^Step 3: Could not delete the password of dora/);
    expect(stopped.stderr).toMatch(/Steps 1 and 2 are done\. Run the same command again to continue\.$/);
    expect(await left("dora")).toEqual({ ...untouched, locked: true, keys: ["Inactive"] });

    aws.fail("DeleteLoginProfile", undefined);
    aws.forget();
    const again = await runPlain(command("dora", "--yes"), administrator());
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/^✓ 1\. .*\n✓ 2\. .*\n {2}3\. /m);
    expect(changes()[0]).toBe("DeleteLoginProfile");
    expect(await left("dora")).toEqual(out);
  });

  test("continues after throttling", async () => {
    await settled("erik");
    aws.fail("UpdateAccessKey", { status: 400, code: "Throttling", message: "Rate exceeded" });
    const stopped = await runPlain(command("erik", "--yes"), administrator());
    expect(stopped.code).toBe(6);
    expect(stopped.stderr).toContain("Step 1 is done.");
    aws.fail("UpdateAccessKey", undefined);
    expect((await runPlain(command("erik", "--yes"), administrator())).code).toBe(0);
    expect(await left("erik")).toEqual(out);
  });

  test("says after Ctrl-C which steps are done, and continues when run again", async () => {
    await settled("finn");
    aws.hold("DeleteLoginProfile");
    const sitting = runOnPty(command("finn", "--yes"), administrator(), { columns: 200 });
    await sitting.sees("✓ 2. Deactivate the access keys");
    await aws.held("DeleteLoginProfile");
    sitting.presses("\x03");
    expect(await sitting.ends()).toBe(130);
    expect(sitting.screen()).toMatch(
      /Stopped at step 3\. Steps 1 and 2 are done\. Run the same command again/,
    );
    aws.release("DeleteLoginProfile");
    expect((await runPlain(command("finn", "--yes"), administrator())).code).toBe(0);
    expect(await left("finn")).toEqual(out);
  });

  test("refuses a second run for the same user at the same time", async () => {
    await settled("gina");
    const first = runOnPty(command("gina"), administrator());
    await first.sees("Offboard gina as planned?");
    const second = await runPlain(command("gina", "--yes"), administrator());
    expect(second.code).toBe(9);
    expect(second.stderr).toContain("Another run of aws-mfa is using the user gina");
    first.answers("y");
    expect(await first.ends()).toBe(0);
    expect(await left("gina")).toEqual(out);
  });
});

describe("aws-mfa offboard fails", () => {
  const nothingChanged = () => expect(changes()).toEqual([]);

  test("without a terminal or --yes, after it shows the plan", async () => {
    const { code, stdout, stderr } = await runPlain(command("hugo"), administrator());
    expect(code).toBe(8);
    expect(stdout).toContain("Offboard hugo:");
    expect(stderr).toMatch(/no terminal.*\n.*--yes/);
    nothingChanged();
  });

  test("for a user who is not in the stack", async () => {
    const ended = await runPlain(command("nobody", "--yes"), administrator());
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining("has no user nobody") });
  });

  test("for the administrator's own user", async () => {
    const { keys } = await stage.member("hugo");
    const ended = await runPlain(
      command("hugo", "--yes"),
      administrator({ AWS_ACCESS_KEY_ID: keys.id, AWS_SECRET_ACCESS_KEY: keys.secret }),
    );
    expect(ended).toMatchObject({ code: 4, stderr: expect.stringContaining("belong to hugo") });
    nothingChanged();
  });

  test.each(OUT_OF_REACH)("%s", async (_, change, exit, found) => {
    const ended = await runPlain(command("hugo", "--yes"), administrator(change));
    expect(ended).toMatchObject({ code: exit, stderr: expect.stringContaining(found) });
    nothingChanged();
  });

  test.each([
    ["with expired credentials", "GetCallerIdentity", 403, "ExpiredToken", 4, "the session has expired"],
    [
      "without permission to list access keys",
      "ListAccessKeys",
      403,
      "AccessDenied",
      5,
      "not have permission",
    ],
  ])("%s", async (_, action, status, code, exit, found) => {
    aws.fail(action, { status, code, message: "no" });
    const ended = await runPlain(command("hugo", "--yes"), administrator());
    expect(ended).toMatchObject({ code: exit, stderr: expect.stringContaining(found) });
    nothingChanged();
  });

  test.each([
    [["offboard", "--stack", "x"], 2, "missing required argument"],
    [["offboard", "alice"], 2, "Missing --stack"],
    [["offboard", "alice", "--stack", "other", "--project", "/"], 3, "No Pulumi project"],
  ])("with the command line %j", async (args, exit, found) => {
    const ended = await runPlain(args, administrator());
    expect(ended).toMatchObject({ code: exit, stderr: expect.stringContaining(found) });
  });
});
