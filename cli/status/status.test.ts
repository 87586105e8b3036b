import { STS } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { enableDevice } from "../../local/demo/member";
import { LOCK, lockDocument } from "../offboard/lock-policy";
import { administratorOf } from "../testing/administrator";
import { type AwsWithFaults, awsWithFaults } from "../testing/aws-with-faults";
import { runPlain } from "../testing/command";
import { ACCOUNT, type Failure, type Fixture, OUT_OF_REACH, openFixture, STACK } from "../testing/fixture";
import { runOnPty } from "../testing/pty";

const serialOf = (user: string) => `arn:aws:iam::${ACCOUNT}:mfa/${user}`;

let stage: Fixture;
let aws: AwsWithFaults;

/** alice is done, bob has not enrolled, carol was taken out of the group, dora's device was deleted, erik is gone. */
beforeAll(async () => {
  stage = await openFixture({ "aws-mfa-stack:users": ["alice", "bob", "carol", "dora", "erik", "finn"] });
  aws = await awsWithFaults(stage.moto.endpoint);
  const { iam } = stage;
  for (const user of ["alice", "carol", "finn"]) {
    await enableDevice(iam, user, serialOf(user), await stage.seedOf(user));
  }
  const { keys } = await stage.member("alice");
  await sessionWith(keys);
  await stage.member("bob");
  await stage.member("carol");
  await iam.removeUserFromGroup({ UserName: "carol", GroupName: "MFA" });
  await stage.member("dora");
  await iam.deleteVirtualMFADevice({ SerialNumber: serialOf("dora") });
  await iam.removeUserFromGroup({ UserName: "erik", GroupName: "MFA" });
  await iam.deleteUser({ UserName: "erik" });
  await iam.createLoginProfile({ UserName: "finn", Password: "a password of the tests" });
});
afterAll(async () => {
  await aws?.close();
  await stage?.close();
});
beforeEach(() => {
  for (const action of [
    "GetUser",
    "GetGroup",
    "GetCallerIdentity",
    "ListAccessKeys",
    "ListVirtualMFADevices",
  ]) {
    aws.fail(action, undefined);
  }
});

async function sessionWith({ id, secret }: { id: string; secret: string }): Promise<void> {
  const sts = new STS({
    endpoint: stage.moto.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: id, secretAccessKey: secret },
  });
  await sts.getSessionToken();
  sts.destroy();
}

const command = (...more: string[]) => ["status", ...stage.onStack, ...more];
const administrator = (change: Record<string, string | undefined> = {}) =>
  administratorOf(stage, aws, change);

describe("aws-mfa status", () => {
  test("shows a row for each user, those with tasks first", async () => {
    const { code, stdout, stderr } = await runPlain(command(), administrator());
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const today = new Date().toISOString().slice(0, 10);
    expect(stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["user", "in group", "device", "access keys", "last session", "to do"],
      ["erik", "–", "–", "–", "–", "AWS has no such user: pulumi up --refresh"],
      [
        "carol",
        "no",
        `enabled ${today}`,
        "made today, never used",
        "none known",
        `not in the group, so MFA is not required: pulumi up --refresh, or aws-mfa offboard carol --stack ${STACK}`,
      ],
      [
        "dora",
        "yes",
        "gone",
        "made today, never used",
        "none known",
        `the device is gone: aws-mfa replace dora --stack ${STACK}`,
      ],
      [
        "bob",
        "yes",
        "not enabled",
        "made today, never used",
        "none known",
        `enable the device: aws-mfa enroll bob --stack ${STACK}`,
      ],
      ["alice", "yes", `enabled ${today}`, "made today, used today (sts)", "today, access key"],
      ["finn", "yes", `enabled ${today}`, "none", "none known"],
    ]);
  });

  test("prints the same report with --json", async () => {
    const { code, stdout } = await runPlain(command("--json"), administrator());
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ stack: STACK, account: ACCOUNT, complete: true });
    const of = (user: string) => report.users.find((each: { user: string }) => each.user === user);
    const phone = {
      name: "phone",
      serial: serialOf("alice"),
      replacing: false,
      state: "enabled",
      since: expect.stringMatching(/^20.*Z$/),
    };
    expect(of("alice")).toEqual({
      user: "alice",
      exists: true,
      needs: [],
      inGroup: true,
      device: phone,
      devices: [phone],
      locked: false,
      replacing: false,
      otherDevices: [],
      accessKeys: [
        {
          id: expect.stringMatching(/^AKIA/),
          active: true,
          madeAt: expect.stringMatching(/^20.*Z$/),
          lastUse: { at: expect.stringMatching(/^20.*Z$/), service: "sts" },
        },
      ],
      hasPassword: false,
      lastSession: { at: expect.stringMatching(/^20.*Z$/), with: "access key" },
    });
    expect(of("finn")).toMatchObject({ hasPassword: true, accessKeys: [], lastSession: null });
    expect(of("erik")).toEqual({ user: "erik", exists: false });
    expect(of("bob").needs.map(({ kind }: { kind: string }) => kind)).toEqual(["waiting"]);
  });

  test("says to finish the offboarding of a locked user, not to enable a device", async () => {
    const lock = { UserName: "bob", PolicyName: LOCK };
    await stage.iam.putUserPolicy({ ...lock, PolicyDocument: lockDocument });
    const { users } = JSON.parse((await runPlain(command("--json"), administrator())).stdout);
    await stage.iam.deleteUserPolicy(lock);
    const bob = users.find(({ user }: { user: string }) => user === "bob");
    expect(bob).toMatchObject({ locked: true, inGroup: true, device: { state: "waiting" } });
    expect(bob.needs).toEqual([
      { kind: "leaving", text: expect.stringContaining(`aws-mfa offboard bob --stack ${STACK}`) },
    ]);
  });

  test.each([80, 130])("wraps the table to %i columns, with the cells aligned", async (columns) => {
    const sitting = runOnPty(command(), administrator(), { columns });
    expect(await sitting.ends()).toBe(0);
    const lines = sitting.screen().split("\n");
    // A line longer than the terminal would continue at its left edge.
    expect(lines.filter((line) => /^\S/.test(line))).toHaveLength(7);
    const column = lines[0]?.indexOf("to do");
    const carol = lines.findIndex((line) => line.startsWith("carol"));
    expect(lines[carol]?.slice(column)).toMatch(/^not in the/);
    expect(lines[carol + 1]?.slice(column)).toMatch(/^\S/);
    expect(lines[carol + 1]).toMatch(/^ +\S/);
  });

  test("shows a group member who is not a user of the stack", async () => {
    await stage.iam.createUser({ UserName: "frank" });
    await stage.iam.addUserToGroup({ UserName: "frank", GroupName: "MFA" });
    const { stdout } = await runPlain(command(), administrator());
    await stage.iam.removeUserFromGroup({ UserName: "frank", GroupName: "MFA" });
    expect(stdout).toMatch(/^frank +yes .* not a user of the stack: pulumi up/m);
  });

  test("shows its progress on a terminal, and clears it at the end", async () => {
    aws.hold("GetUser");
    const sitting = runOnPty(command(), administrator(), { columns: 200 });
    await sitting.sees("Reading the users: 0 of 6");
    aws.release("GetUser");
    expect(await sitting.ends()).toBe(0);
    expect(sitting.screen()).toMatch(/^user /);
  });

  test("retries after throttling", async () => {
    let left = 3;
    aws.fail("GetUser", {
      status: 400,
      code: "Throttling",
      message: "Rate exceeded",
      when: () => left-- > 0,
    });
    const { code, stdout } = await runPlain(command("--json"), administrator());
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ complete: true });
    expect(left).toBeLessThan(0);
  });

  test("shows the other users if one cannot be read, and exits with 5", async () => {
    aws.fail("ListAccessKeys", {
      status: 403,
      code: "AccessDenied",
      message: "is not authorized",
      when: (parameters) => parameters.get("UserName") === "alice",
    });
    const { code, stdout } = await runPlain(command(), administrator());
    expect(code).toBe(5);
    expect(stdout.split("\n")[1]).toMatch(/^alice .*could not be read: .*not have permission/);
    expect(stdout).toMatch(/^bob .*enable the device/m);
    const json = await runPlain(command("--json"), administrator());
    expect(json.code).toBe(5);
    expect(JSON.parse(json.stdout)).toMatchObject({
      complete: false,
      users: [
        { user: "alice", problem: expect.stringContaining("not have permission") },
        { user: "erik" },
        { user: "carol" },
        { user: "dora" },
        { user: "bob" },
        { user: "finn" },
      ],
    });
  });
});

describe("aws-mfa status fails", () => {
  test.each([
    ["with expired credentials", "GetCallerIdentity", 403, "ExpiredToken", 4, "the session has expired"],
    ["without permission to read the group", "GetGroup", 403, "AccessDenied", 5, "not have permission"],
  ])("%s", async (_, action, status, code, exit, found) => {
    aws.fail(action, { status, code, message: "no" });
    const ended = await runPlain(command(), administrator());
    expect(ended).toMatchObject({ code: exit, stdout: "", stderr: expect.stringContaining(found) });
  });

  test.each<Failure>([
    ...OUT_OF_REACH,
    ["without pulumi on PATH", { PATH: "/nowhere" }, 3, "pulumi was not found"],
  ])("%s", async (_, change, exit, found) => {
    const ended = await runPlain(command(), administrator(change));
    expect(ended).toMatchObject({ code: exit, stderr: expect.stringContaining(found) });
  });

  test.each([
    [["status"], 2, "Missing --stack"],
    [["status", "--stack", "x", "--max-key-days", "0"], 2, 'got "0"'],
    [["status", "--stack", "x", "--project", "/"], 3, "No Pulumi project"],
  ])("with the command line %j", async (args, exit, found) => {
    const ended = await runPlain(args, administrator());
    expect(ended).toMatchObject({ code: exit, stderr: expect.stringContaining(found) });
  });

  test("for a stack that does not exist", async () => {
    const args = ["status", "--stack", "other", "--project", stage.stack.folder];
    const ended = await runPlain(args, administrator());
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining("the stack does not exist") });
  });
});
