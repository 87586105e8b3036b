import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { IAM } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { codeOf, enableDevice } from "../../local/demo/member";
import { type AwsWithFaults, awsWithFaults } from "../testing/aws-with-faults";
import { runPlain } from "../testing/command";
import { ACCOUNT, type EnrolledMember, type Fixture, openFixture } from "../testing/fixture";
import { runOnPty } from "../testing/pty";

let stage: Fixture;
let aws: AwsWithFaults;
let alice: EnrolledMember;
const serial = `arn:aws:iam::${ACCOUNT}:mfa/alice`;
const role = `arn:aws:iam::${ACCOUNT}:role/MFABasedAccess`;

beforeAll(async () => {
  stage = await openFixture({ "aws-mfa-stack:users": ["alice"] });
  aws = await awsWithFaults(stage.moto.endpoint);
  alice = await stage.enrolled("alice");
  const env = { ...stage.administrator, HOME: alice.home };
  await runPlain(["profile", "alice", ...stage.onStack], { env });
});
afterAll(async () => {
  await aws.close();
  await stage.close();
});
beforeEach(() => {
  for (const action of ["GetCallerIdentity", "AssumeRole", "ListMFADevices"]) aws.fail(action, undefined);
  aws.forget();
});

const setting = (env = {}) => ({ env: { ...alice.env, AWS_ENDPOINT_URL: aws.endpoint, ...env } });

/** Runs verify with the code on standard input, and parses its JSON report. */
async function verified(args: string[] = [], env = {}) {
  const { code, stdout, stderr } = await runPlain(["verify", ...args, "--code", "--json"], {
    ...setting(env),
    input: codeOf(alice.seed),
  });
  const result = JSON.parse(stdout);
  return { code, stderr, result, checks: result.checks, broken: result.checks.at(-1), text: stdout };
}

describe("aws-mfa verify of a working profile", () => {
  test("shows each step on the terminal, and at the end the caller and the expiration", async () => {
    const sitting = runOnPty(["verify"], setting());
    await sitting.sees(`MFA code for ${serial}:`);
    sitting.answers(codeOf(alice.seed));
    expect(await sitting.ends()).toBe(0);
    const lines = sitting.screen().split("\n");
    expect(lines.map((line) => line.slice(0, 9))).toEqual(
      ["profile", "keys", "clock", "device", "role", "session"].map((step) => `✓ ${step}`.padEnd(9)),
    );
    expect(lines[4]).toContain("AWS refuses MFABasedAccess to these access keys without a code.");
    expect(lines[5]).toMatch(
      /You are arn:aws:sts::123456789012:assumed-role\/MFABasedAccess\/aws-mfa-verify until 20/,
    );
  });

  test("prints a JSON report without secrets with --json", async () => {
    const { code, result, text } = await verified();
    expect(code).toBe(0);
    expect(result).toMatchObject({
      profile: "mfabasedaccess",
      ok: true,
      expires: expect.stringMatching(/Z$/),
    });
    expect(text).not.toMatch(/secret|session_?token|ASIA/i);
  });

  test("calls AssumeRole as the AWS CLI does, with the device, code, role, and duration", async () => {
    await verified();
    const { parameters } = aws.calls.findLast(({ action }) => action === "AssumeRole") ?? {};
    expect(parameters?.get("SerialNumber")).toBe(serial);
    expect(parameters?.get("TokenCode")).toMatch(/^\d{6}$/);
    expect(parameters?.get("RoleArn")).toBe(role);
    expect(parameters?.get("DurationSeconds")).toBe("3600");
  });

  test("uses the profile in AWS_PROFILE", async () => {
    expect((await verified([], { AWS_PROFILE: "nobody" })).broken.found).toContain("no profile nobody");
  });

  test("reads setting names in any case, and a colon as an equals sign", async () => {
    const { code } = await verifiedWith(`Role_Arn = ${role}\nMFA_SERIAL: ${serial}`);
    expect(code).toBe(0);
  });

  test("reads the code from the mfa_process of the source profile", async () => {
    const folder = await mkdtemp(join(homedir(), ".aws-mfa-test-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const program = join(folder, "code");
    await writeFile(program, `#!/bin/sh\necho ${codeOf(alice.seed)}\n`, { mode: 0o700 });
    const config = join(folder, "config");
    const lines = `[default]\nmfa_process = ${program}\n[profile p]\nrole_arn = ${role}\nmfa_serial = ${serial}\nsource_profile = default\n`;
    await writeFile(config, lines);
    expect(await runPlain(["verify", "p"], setting({ AWS_CONFIG_FILE: config }))).toMatchObject({ code: 0 });
  });

  test("accepts a role in another account", async () => {
    const there = "arn:aws:iam::111122223333:role/Elsewhere";
    await makeRole(there);
    const { code, checks } = await verifiedWith(`role_arn = ${there}\nmfa_serial = ${serial}`);
    expect(code).toBe(0);
    expect(checks).toContainEqual(expect.objectContaining({ step: "role", outcome: "ok" }));
  });
});

describe("aws-mfa verify", () => {
  test("accepts a profile that is its own source and has access keys", async () => {
    const { id, secret } = alice.keys;
    const keys = `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}`;
    const file = join(alice.home, "config-of-test");
    await writeFile(
      file,
      `[profile p]\nsource_profile = p\n${keys}\nrole_arn = ${role}\nmfa_serial = ${serial}\n`,
    );
    const { code, checks } = await verified(["p"], { AWS_CONFIG_FILE: file });
    expect(code).toBe(0);
    expect(checks).toContainEqual(expect.objectContaining({ step: "role", outcome: "ok" }));
  });

  test("checks every step of a one-code profile", async () => {
    const home = { HOME: await stage.newHome() };
    await cp(join(alice.home, ".aws", "credentials"), join(home.HOME, ".aws", "credentials"));
    const env = { ...alice.env, ...home, XDG_CACHE_HOME: join(home.HOME, ".cache") };
    await runPlain(["profile", "--role-arn", role, "--mfa-serial", serial, "--one-code"], { env });
    const started = await runPlain(["session", "--mfa-serial", serial, "--code"], {
      env,
      input: codeOf(alice.seed),
    });
    expect(started.code).toBe(0);
    const { code, stdout } = await runPlain(["verify", "--json"], { env });
    expect(code).toBe(0);
    const { checks } = JSON.parse(stdout);
    expect(checks.map(({ outcome }: { outcome: string }) => outcome)).toEqual(Array(6).fill("ok"));
    expect(checks[0].found).toContain("from default-mfa, the session of default.");
  });

  test("says how to set the region if the profile has none", async () => {
    const { checks } = await verifiedWith(`role_arn = ${role}\nmfa_serial = ${serial}`);
    expect(checks[0].found).toContain("It has no region: aws configure set region REGION --profile p");
    const set = await verifiedWith(`role_arn = ${role}\nmfa_serial = ${serial}\nregion = eu-west-1`);
    expect(set.checks[0].found).not.toContain("region:");
  });

  test("accepts --profile, but not a second profile", async () => {
    expect((await verified(["--profile", "nobody"])).broken.found).toContain("no profile nobody");
    const { code, stderr } = await runPlain(["verify", "p", "--profile", "q"], setting());
    expect(code).toBe(2);
    expect(stderr).toContain("Expected one profile, got two: p and --profile q.");
  });

  test.each([
    [
      `sso_session = s\nsso_account_id = ${ACCOUNT}\nsso_role_name = r`,
      "[sso-session s]\nsso_region = us-east-1\nsso_start_url = https://example.com/start\n",
      "aws sso login",
    ],
    [`login_session = arn:aws:iam::${ACCOUNT}:user/alice`, "", "aws login"],
  ])("says to run $2 if there is no valid sign-in", async (line, more, remedy) => {
    const file = join(alice.home, "config-of-test");
    const source = `[profile s]\n${line}\nregion = us-east-1\n`;
    await writeFile(file, `${more}${source}[profile p]\nsource_profile = s\nrole_arn = ${role}\n`);
    const { code, broken } = await verified(["p"], { AWS_CONFIG_FILE: file });
    expect(code).toBe(4);
    expect(broken).toMatchObject({ step: "keys", remedy: expect.stringContaining(`: ${remedy} --profile`) });
  });

  test("rejects a code of five digits", async () => {
    const { code, stderr } = await runPlain(["verify", "--code"], { ...setting(), input: "12345\n" });
    expect(code).toBe(2);
    expect(stderr).toContain("Expected a six-digit code on standard input: line 1 has 5 characters.");
  });
});

/** Verifies a profile of these lines, whose source profile is `default`. */
async function verifiedWith(lines: string) {
  const file = join(alice.home, "config-of-test");
  await writeFile(file, `[profile p]\nsource_profile = default\n${lines}\n`);
  return verified(["p"], { AWS_CONFIG_FILE: file });
}

/** Creates a role in its ARN's account that trusts the stack's account with MFA, and that alice may assume. */
async function makeRole(arn: string) {
  const credentials = stage.moto.rootOf(arn.split(":")[4] ?? "");
  const there = new IAM({ endpoint: stage.moto.endpoint, region: "us-east-1", credentials });
  await there.createRole({
    RoleName: arn.slice(arn.lastIndexOf("/") + 1),
    AssumeRolePolicyDocument: trust({ Bool: { "aws:MultiFactorAuthPresent": "true" } }),
  });
  await mayAssume("alice", arn);
}

const trust = (Condition: object) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Principal: { AWS: ACCOUNT }, Action: "sts:AssumeRole", Condition },
  });

async function mayAssume(UserName: string, Resource: string) {
  const Statement = { Effect: "Allow", Action: "sts:AssumeRole", Resource };
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await stage.iam.putUserPolicy({ UserName, PolicyName: "assume", PolicyDocument });
}

describe("aws-mfa verify explains a profile", () => {
  test.each([
    ["that does not exist", "other", "There is no profile mfabased", "aws-mfa profile"],
    ["without a role", "[profile p]\nsource_profile = default\nmfa_serial = x\n", "no role_arn", "again"],
    [
      "without a device",
      `[profile p]\nsource_profile = default\nrole_arn = ${role}\n`,
      "no mfa_serial",
      "again",
    ],
    ["without a source", `[profile p]\nrole_arn = ${role}\nmfa_serial = x\n`, "no source_profile", "again"],
    [
      "with a source that does not exist",
      `[profile p]\nsource_profile = q\nrole_arn = ${role}\nmfa_serial = x\n`,
      "q does not exist",
      "again",
    ],
    [
      "with a duration that is too long",
      `[profile p]\nsource_profile = default\nrole_arn = ${role}\nmfa_serial = x\nduration_seconds = 43201\n`,
      "from 900 to 43200",
      "again",
    ],
    [
      "that asks for two hours from a session",
      `[profile s]\ncredential_process = true\n[profile p]\nsource_profile = s\nrole_arn = ${role}\nduration_seconds = 7200\n`,
      "from 900 to 3600, since a session",
      "again",
    ],
    [
      "whose sources form a loop",
      `[profile q]\nsource_profile = p\nrole_arn = ${role}\n[profile p]\nsource_profile = q\nrole_arn = ${role}\nmfa_serial = x\n`,
      "forms a loop: p → q → p",
      "again",
    ],
    [
      "with access keys and no role",
      "[profile p]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n",
      "has access keys and no role_arn",
      "aws-mfa verify PROFILE",
    ],
    [
      "of aws login, which has no role",
      `[profile p]\nlogin_session = arn:aws:iam::${ACCOUNT}:user/alice\n`,
      "has login_session (aws login signs in through the console) and no role_arn",
      "aws-mfa profile",
    ],
    [
      "in a file with a byte order mark",
      `\ufeff[profile p]\nrole_arn = ${role}\n`,
      "byte order mark (BOM)",
      "Save it",
    ],
  ])("%s", async (_, config, found, remedy) => {
    const file = join(alice.home, "config-of-test");
    await writeFile(file, config === "other" ? "" : config);
    const { code, broken } = await verified([config === "other" ? "mfabased" : "p"], {
      AWS_CONFIG_FILE: file,
    });
    expect(code).toBe(7);
    expect(broken).toMatchObject({ step: "profile", outcome: "failed" });
    expect(broken.found).toContain(found);
    expect(broken.remedy).toContain(remedy);
  });

  test.each([
    ["two sections of the same name", "[profile x]\na = 1\n[profile x]\n", "line 3: found a second section"],
    ["text before the first section", "a = 1\n[profile x]\n", "line 1: found text"],
  ])("in a file with %s, which the AWS CLI cannot read", async (_, text, found) => {
    const file = join(alice.home, "config-of-test");
    await writeFile(file, text);
    const { code, broken } = await verified(["p"], { AWS_CONFIG_FILE: file });
    expect(code).toBe(7);
    expect(broken).toMatchObject({ step: "profile", found: expect.stringContaining(found) });
  });

  test("with a comment after mfa_serial, which the AWS CLI reads as part of the value", async () => {
    const { code, broken } = await verifiedWith(`role_arn = ${role}\nmfa_serial = ${serial} # my phone`);
    expect(code).toBe(5);
    expect(broken).toMatchObject({
      step: "device",
      found: expect.stringContaining(`no device ${serial} # my phone`),
      remedy: `Set mfa_serial to ${serial}, which is enabled.`,
    });
  });

  test("with access keys in the environment, which the AWS CLI uses instead", async () => {
    const { id, secret } = alice.keys;
    const { code, broken } = await verified([], { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret });
    expect(code).toBe(4);
    expect(broken).toMatchObject({
      step: "keys",
      remedy: expect.stringContaining("unset AWS_ACCESS_KEY_ID"),
    });
    expect(aws.calls).toEqual([]);
  });

  test.each([
    ["at another path", role.replace("role/", "role/team/")],
    ["that does not exist", role.replace("MFABasedAccess", "None")],
  ])("with a role %s", async (_, elsewhere) => {
    await mayAssume("alice", "*");
    const { code, broken } = await verifiedWith(`role_arn = ${elsewhere}\nmfa_serial = ${serial}`);
    expect(code).toBe(5);
    expect(broken).toMatchObject({ step: "session", outcome: "failed" });
    expect(broken.found).toContain("the role does not exist");
  });

  test("with a wrong code, or one that was already used", async () => {
    const used = codeOf(alice.seed);
    const answer = (input: string) => runPlain(["verify", "--code"], { ...setting(), input });
    expect((await answer(used)).code).toBe(0);
    for (const code of ["000000", used]) {
      const { code: exit, stdout } = await answer(code);
      expect(exit).toBe(5);
      expect(stdout).toContain("✗ session");
      expect(stdout).toContain("Wait for the next code");
    }
  });

  test("with a longer duration than the role allows", async () => {
    const { code, broken } = await verifiedWith(
      `role_arn = ${role}\nmfa_serial = ${serial}\nduration_seconds = 7200`,
    );
    expect(code).toBe(5);
    expect(broken).toMatchObject({ step: "session", remedy: expect.stringContaining("sessionSeconds") });
  });

  test.each([
    [
      "with an access key that AWS does not recognize",
      "GetCallerIdentity",
      "InvalidClientTokenId",
      "not valid",
      "keys",
      4,
      "new access key",
    ],
    [
      "with a wrong secret key",
      "GetCallerIdentity",
      "SignatureDoesNotMatch",
      "calculated",
      "keys",
      4,
      "Enter both",
    ],
    [
      "on a computer with a wrong clock",
      "GetCallerIdentity",
      "SignatureDoesNotMatch",
      "Signature expired: 1 is",
      "keys",
      4,
      "network",
    ],
    [
      "with a device that AWS does not accept",
      "AssumeRole",
      "AccessDenied",
      "MultiFactorAuthentication failed, unable to validate MFA code.",
      "session",
      5,
      "aws-mfa enroll",
    ],
    [
      "that the guard denies",
      "AssumeRole",
      "AccessDenied",
      "is not authorized with an explicit deny in an identity-based policy",
      "session",
      5,
      "asks for a code",
    ],
    [
      "with a chained role",
      "AssumeRole",
      "ValidationError",
      "exceeds the 1 hour session limit for roles assumed by role chaining",
      "session",
      5,
      "3600",
    ],
  ])("%s", async (_, action, code, message, step, exit, remedy) => {
    // The local AWS itself refuses the command's attempt without a code.
    const when = (asked: URLSearchParams) => action !== "AssumeRole" || asked.has("TokenCode");
    aws.fail(action, { status: 403, code, message, when });
    const ended = await verified();
    expect(ended.code).toBe(exit);
    expect(ended.broken).toMatchObject({ step, outcome: "failed" });
    expect(ended.broken.remedy).toContain(remedy);
  });

  test("without a network", async () => {
    const { code, broken } = await verified([], { AWS_ENDPOINT_URL: "http://127.0.0.1:9" });
    expect(code).toBe(6);
    expect(broken.found).toBe("Could not identify the caller: AWS cannot be reached.");
  });

  test("without an enabled device", async () => {
    const off = { UserName: "alice", SerialNumber: serial };
    await stage.iam.deactivateMFADevice(off);
    const { code, broken } = await verified();
    await enableDevice(stage.iam, "alice", serial, alice.seed);
    expect((await stage.iam.listMFADevices({ UserName: "alice" })).MFADevices).toHaveLength(1);
    expect(code).toBe(5);
    expect(broken).toMatchObject({ step: "device", remedy: "Enable it: aws-mfa enroll --self" });
  });

  test("with a device that is not enabled, and suggests the enabled one", async () => {
    const waiting = `arn:aws:iam::${ACCOUNT}:mfa/spare`;
    await stage.iam.createVirtualMFADevice({ VirtualMFADeviceName: "spare" });
    const { broken } = await verifiedWith(`role_arn = ${role}\nmfa_serial = ${waiting}`);
    expect(broken).toMatchObject({
      step: "device",
      found: `${waiting} exists, but is not enabled.`,
      remedy: `Set mfa_serial to ${serial}, which is enabled.`,
    });
  });

  test("with a device of another account, as credentials of the wrong account", async () => {
    const elsewhere = "arn:aws:iam::111122223333:mfa/alice";
    const { code, broken } = await verifiedWith(`role_arn = ${role}\nmfa_serial = ${elsewhere}`);
    expect(code).toBe(4);
    expect(broken.step).toBe("keys");
    expect(broken.found).toContain(`expected 111122223333 (${elsewhere}), got ${ACCOUNT}`);
  });

  test("with another user's device", async () => {
    await stage.iam.createUser({ UserName: "mallory" });
    await stage.iam.addUserToGroup({ UserName: "mallory", GroupName: "MFA" });
    const mallory = await stage.member("mallory");
    const env = { ...mallory.env, AWS_CONFIG_FILE: join(alice.home, ".aws", "config") };
    const ended = await runPlain(["verify", "--code"], { env, input: codeOf(alice.seed) });
    expect(ended.code).toBe(5);
    expect(ended.stdout).toContain(`${serial} belongs to alice, not to mallory.`);
  });

  test.each([
    ["BoolIfExists", "true", "to the access keys alone"],
    ["Null", "false", "to a session that was started without a code"],
  ])("whose role needs no code because of the condition %s %s", async (operator, value, how) => {
    const RoleName = `Open${operator}`;
    const AssumeRolePolicyDocument = trust({ [operator]: { "aws:MultiFactorAuthPresent": value } });
    await stage.iam.createRole({ RoleName, AssumeRolePolicyDocument });
    const UserName = `ned-${operator}`;
    await stage.iam.createUser({ UserName });
    const { VirtualMFADevice } = await stage.iam.createVirtualMFADevice({ VirtualMFADeviceName: UserName });
    const own = VirtualMFADevice?.SerialNumber ?? "";
    const ownSeed = Buffer.from(VirtualMFADevice?.Base32StringSeed ?? []).toString("ascii");
    await enableDevice(stage.iam, UserName, own, ownSeed);
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Action: ["iam:List*", "sts:AssumeRole"], Resource: "*" },
    });
    await stage.iam.putUserPolicy({ UserName, PolicyName: "own", PolicyDocument });
    const ned = await stage.member(UserName);
    const there = role.replace("MFABasedAccess", RoleName);
    await writeFile(
      join(ned.home, ".aws", "config"),
      `[profile p]\nsource_profile = default\nrole_arn = ${there}\nmfa_serial = ${own}\n`,
    );
    const { code, stdout } = await runPlain(["verify", "p", "--code"], {
      env: ned.env,
      input: codeOf(ownSeed),
    });
    expect(code).toBe(1);
    expect(stdout).toContain(`✗ role    AWS gives ${RoleName} ${how}: no code is needed.`);
  });
});

test("aws-mfa verify suggests --code without a terminal", async () => {
  const { code, stderr } = await runPlain(["verify"], setting());
  expect(code).toBe(8);
  expect(stderr).toContain("--code");
});

test("aws-mfa verify of a one-code profile without a session or terminal says how to start one", async () => {
  const home = { HOME: await stage.newHome() };
  await cp(join(alice.home, ".aws", "credentials"), join(home.HOME, ".aws", "credentials"));
  const env = { ...alice.env, ...home };
  await runPlain(["profile", "--role-arn", role, "--mfa-serial", serial, "--one-code"], { env });
  const { code, stdout } = await runPlain(["verify"], { env });
  expect(code).toBe(4);
  expect(stdout).toContain(
    "          Start the session in a terminal first: aws-mfa session --profile default\n",
  );
  expect(stdout).toContain("✗ session No session is cached, and there is no terminal");
  expect(stdout).not.toContain("aws configure list-profiles");
});

test("aws-mfa verify reports the output of a credential_process that fails", async () => {
  const file = join(await stage.newHome(), "config");
  const lines = `[profile s]\ncredential_process = sh -c "echo no luck >&2; exit 1"\n[profile p]\nsource_profile = s`;
  await writeFile(file, `${lines}\nrole_arn = ${role}\n`);
  const { code, broken } = await verified(["p"], { AWS_CONFIG_FILE: file });
  expect(code).toBe(4);
  expect(broken).toMatchObject({ step: "keys", said: expect.stringContaining("no luck") });
  expect(broken.found).toContain("credential_process returned no credentials");
});

test("aws-mfa verify calls AWS with no code after Ctrl-C at the prompt", async () => {
  const sitting = runOnPty(["verify"], setting());
  await sitting.sees("MFA code for");
  sitting.presses("\x03");
  expect(await sitting.ends()).toBe(130);
  expect(aws.calls.filter(({ parameters }) => parameters.has("TokenCode"))).toEqual([]);
});
