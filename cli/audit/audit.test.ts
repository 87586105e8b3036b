import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IAM } from "@aws-sdk/client-iam";
import { Organizations } from "@aws-sdk/client-organizations";
import { STS } from "@aws-sdk/client-sts";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { localClient } from "../../local/aws/root";
import { type LocalAws, startLocalAws } from "../../local/aws/server";
import { enableDevice } from "../../local/demo/member";
import { pythonEnvironment } from "../../local/moto/environment";
import { type AwsWithFaults, awsWithFaults } from "../testing/aws-with-faults";
import { type Ended, runPlain } from "../testing/command";
import { runOnPty } from "../testing/pty";
import { type RecordedAccount, recordedAccount } from "../testing/recorded-account";
import { auditPolicy } from "./account/permissions";
import type { Place, Report, Subject } from "./report";

const ACCOUNT = "123456789012";
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const WITHOUT_MFA = { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } };
const WITH_MFA = { Bool: { "aws:MultiFactorAuthPresent": "true" } };

let local: LocalAws;
let aws: AwsWithFaults;
let folder: string;
let env: Record<string, string>;
let member: string;

const text = (...Statement: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const trust = (principal: object | string, condition?: object) =>
  text({
    Effect: "Allow",
    Principal: principal,
    Action: "sts:AssumeRole",
    ...(condition && { Condition: condition }),
  });
const GUARD = text({
  Effect: "Deny",
  NotAction: ["iam:EnableMFADevice", "iam:GetUser", "sts:GetSessionToken"],
  Resource: "*",
  Condition: WITHOUT_MFA,
});

beforeAll(async () => {
  local = await startLocalAws();
  aws = await awsWithFaults(local.endpoint);
  folder = await mkdtemp(join(tmpdir(), "aws-mfa-audit-"));
  const settings = localClient(local.endpoint);
  const iam = new IAM(settings);
  await populate(iam);
  member = await createOrganization(settings);
  env = {
    PATH: process.env.PATH ?? "",
    HOME: folder,
    TERM: "xterm-256color",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_REGION: settings.region,
    ...(await auditor(iam)),
    AWS_ENDPOINT_URL: aws.endpoint,
  };
});
afterAll(async () => {
  if (folder) await rm(folder, { recursive: true });
  await aws.close();
  await local.stop();
});
beforeEach(() => aws.forget());

/** Fills the account with one of everything. */
async function populate(iam: IAM): Promise<void> {
  for (const [RoleName, AssumeRolePolicyDocument] of [
    ["deploy", trust({ AWS: ROOT })],
    ["admin", trust({ AWS: ROOT }, WITH_MFA)],
    ["lambda", trust({ Service: "lambda.amazonaws.com" })],
  ] as const) {
    await iam.createRole({ RoleName, AssumeRolePolicyDocument });
  }
  await iam.createServiceLinkedRole({ AWSServiceName: "autoscaling.amazonaws.com" });
  for (const GroupName of ["guarded", "by-attachment", "bare"]) {
    await iam.createGroup({ GroupName });
  }
  await iam.putGroupPolicy({ GroupName: "guarded", PolicyName: "guard", PolicyDocument: GUARD });
  const { Policy } = await iam.createPolicy({ PolicyName: "guard", PolicyDocument: GUARD });
  await iam.attachGroupPolicy({ GroupName: "by-attachment", PolicyArn: Policy?.Arn });
  for (const UserName of ["alice", "bob", "carol", "dave"]) await iam.createUser({ UserName });
  await iam.addUserToGroup({ UserName: "alice", GroupName: "guarded" });
  for (const UserName of ["alice", "bob", "carol"]) {
    const { AccessKey } = await iam.createAccessKey({ UserName });
    if (UserName === "carol") {
      await iam.updateAccessKey({ UserName, AccessKeyId: AccessKey?.AccessKeyId, Status: "Inactive" });
    }
  }
  await iam.createLoginProfile({ UserName: "bob", Password: "Not-a-real-1-password" });
}

/** The keys of a user who may do what `--iam-policy` prints, and nothing else. */
async function auditor(iam: IAM): Promise<Record<string, string>> {
  const UserName = "auditor";
  await iam.createUser({ UserName });
  const PolicyDocument = JSON.stringify(auditPolicy({ organization: "audit" }));
  await iam.putUserPolicy({ UserName, PolicyName: "audit", PolicyDocument });
  const { AccessKey } = await iam.createAccessKey({ UserName });
  return {
    AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId ?? "",
    AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey ?? "",
  };
}

/**
 * Creates an organization with a member account, which has a role for its own users and one for the audit. An SCP on the root and on a
 * parent of the member's unit denies sts:AssumeRole without MFA. Returns the member's account id.
 */
async function createOrganization(settings: ReturnType<typeof localClient>) {
  const organizations = new Organizations(settings);
  await organizations.createOrganization();
  const { CreateAccountStatus } = await organizations.createAccount({
    AccountName: "member",
    Email: "member@example.com",
  });
  const id = CreateAccountStatus?.AccountId ?? "";
  const inMember = new IAM({ ...settings, credentials: local.rootOf(id) });
  const roles = { elsewhere: trust({ AWS: id }), audit: trust({ AWS: ROOT }) };
  for (const [RoleName, AssumeRolePolicyDocument] of Object.entries(roles))
    await inMember.createRole({ RoleName, AssumeRolePolicyDocument });
  const PolicyDocument = JSON.stringify(auditPolicy(undefined));
  await inMember.putRolePolicy({ RoleName: "audit", PolicyName: "audit", PolicyDocument });
  const { Roots: [{ Id: root = "" } = {}] = [] } = await organizations.listRoots();
  const unitIn = async (ParentId: string, Name: string) => {
    const made = await organizations.createOrganizationalUnit({ ParentId, Name });
    return made.OrganizationalUnit?.Id ?? "";
  };
  const above = await unitIn(root, "above");
  const DestinationParentId = await unitIn(above, "below");
  await organizations.moveAccount({ AccountId: id, SourceParentId: root, DestinationParentId });
  const { Policy } = await organizations.createPolicy({
    Type: "SERVICE_CONTROL_POLICY",
    Name: "RequireMfa",
    Description: "",
    Content: text({ Effect: "Deny", Action: "sts:AssumeRole", Resource: "*", Condition: WITHOUT_MFA }),
  });
  for (const TargetId of [above, root])
    await organizations.attachPolicy({ PolicyId: Policy?.PolicySummary?.Id, TargetId });
  return id;
}

const run = (...args: string[]) => runPlain(["audit", ...args], { env, cwd: folder });

function reportIn({ stdout, stderr }: Ended): Report {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`no report:\n${stdout}\n${stderr}`);
  }
}

function places(ended: Ended): readonly Place[] {
  return reportIn(ended).places;
}

async function subjects(...args: string[]): Promise<readonly Subject[]> {
  return places(await run("--format", "json", ...args)).flatMap((place) => place.subjects);
}

const standing = (all: readonly Subject[], kind: string, name: string) =>
  all.find((each) => each.kind === kind && each.name === name)?.standing;

describe("aws-mfa audit of an account", () => {
  test("reports the standing of each role, group and user, and who can assume a role", async () => {
    const all = await subjects();
    expect(all.map(({ kind, name, standing }) => `${standing} ${kind} ${name}`)).toEqual([
      "open user auditor",
      "open role deploy",
      "open group bare",
      "open user bob",
      "exempt role AWSServiceRoleForAutoScaling",
      "exempt role lambda",
      "protected role admin",
      "protected user alice",
      "protected group by-attachment",
      "protected user carol",
      "protected user dave",
      "protected group guarded",
    ]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.find(({ name }) => name === "deploy")).toMatchObject({
      id: `arn:aws:iam::${ACCOUNT}:role/deploy`,
      findings: [
        {
          policy: "iam-role-requires-mfa",
          level: "mandatory",
          state: "new",
          witnesses: [{ statement: 0, principal: ROOT, action: "sts:AssumeRole" }],
        },
      ],
      assumableBy: [{ principal: ROOT, class: "account", mfa: "not required" }],
    });
    expect(all.find(({ name }) => name === "admin")?.assumableBy).toEqual([
      { principal: ROOT, class: "account", mfa: "required" },
    ]);
  });

  test("reports each user's MFA device, password, access keys and guards", async () => {
    const all = await subjects();
    const setup = (name: string) => all.find((each) => each.kind === "user" && each.name === name)?.setup;
    expect(setup("alice")).toMatchObject({
      mfaDevice: false,
      password: null,
      accessKeys: [{ active: true }],
      guardedBy: ["guarded"],
    });
    expect(setup("bob")).toMatchObject({ password: { lastUsed: null }, guardedBy: [] });
    expect(setup("carol")).toMatchObject({ accessKeys: [{ active: false }] });
    expect(setup("dave")).toMatchObject({ accessKeys: [] });
  });

  test("reports a user with a service-specific credential or an SSH key as open, unless guarded", async () => {
    const iam = new IAM(localClient(local.endpoint));
    const ServiceName = "bedrock.amazonaws.com";
    const ids: (string | undefined)[] = [];
    for (const UserName of ["dave", "alice"]) {
      const made = await iam.createServiceSpecificCredential({ UserName, ServiceName });
      ids.push(made.ServiceSpecificCredential?.ServiceSpecificCredentialId);
    }
    const SSHPublicKeyBody = "ssh-rsa AAAA";
    const UserName = "carol";
    const { SSHPublicKey } = await iam.uploadSSHPublicKey({ UserName, SSHPublicKeyBody });
    const all = await subjects();
    const user = (name: string) => all.find((each) => each.kind === "user" && each.name === name);
    expect(user("dave")).toMatchObject({
      standing: "open",
      reason: "Has a service-specific credential, and nothing requires MFA of the user.",
      setup: { serviceCredentials: [{ service: ServiceName }], sshPublicKeys: 0 },
    });
    expect(user("alice")).toMatchObject({
      standing: "protected",
      setup: { serviceCredentials: [{ service: ServiceName }] },
    });
    expect(user("carol")).toMatchObject({ standing: "open", setup: { sshPublicKeys: 1 } });
    expect((await run()).stdout).toMatch(/^bypassable +user +dave .* credential for Bedrock /m);
    const { SSHPublicKeyId } = SSHPublicKey ?? {};
    await iam.updateSSHPublicKey({ UserName, SSHPublicKeyId, Status: "Inactive" });
    expect(standing(await subjects(), "user", "carol")).toBe("protected");
    for (const ServiceSpecificCredentialId of ids)
      await iam.deleteServiceSpecificCredential({ ServiceSpecificCredentialId });
  });

  test.each(["ListServiceSpecificCredentials", "ListSSHPublicKeys"])(
    "reports a user without credentials as unknown if AWS denies %s, but not a guarded one",
    async (action) => {
      aws.fail(action, { status: 403, code: "AccessDenied", message: "no" });
      const ended = await run("--format", "json", "--fail-on", "critical");
      aws.fail(action, undefined);
      const [place] = places(ended);
      const what = action === "ListSSHPublicKeys" ? "SSH public keys" : "service-specific credentials";
      expect(place?.subjects.find(({ name }) => name === "dave")).toMatchObject({
        standing: "unknown",
        reason: `Nothing requires MFA of the user, and AWS did not list their ${what}, which never ask for it.`,
      });
      expect(standing(place?.subjects ?? [], "user", "alice")).toBe("protected");
      expect(place?.notes?.join("\n")).toContain(`Not counted for users: ${what} and signing certificates.`);
    },
  );

  test("notes that nobody can change the trust policy of a service-linked role", async () => {
    const role = (await subjects()).find(({ name }) => name === "AWSServiceRoleForAutoScaling");
    expect(role?.notes.join()).toContain("nobody can change its trust policy");
  });

  test("prints a table with the most dangerous subjects first, the fixes and the totals", async () => {
    const { stdout, code } = await run();
    expect(code).toBe(1);
    const lines = stdout.split("\n");
    expect(lines[0]).toBe(`account ${ACCOUNT}`);
    expect(lines[2]).toMatch(/^bypassable +user +auditor +not known/);
    expect(stdout).toMatch(
      /^bypassable +user +bob +nothing +no device, password, 1 key +not recorded +Has .*an access key/m,
    );
    expect(stdout).toContain('set "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}');
    expect(stdout).not.toContain("admin");
    expect(stdout).toContain("MFA of 12: 4 bypassable, 0 anyone with MFA, 0 unknown, 2 exempt, 6 protected.");
    expect(stdout).toContain(
      "An MFA device is set up for 0 of 3 users with a password or an active access key.",
    );
    expect((await run("--all")).stdout).toMatch(/^protected +role +admin/m);
  });

  test("fails for an unguarded user with an access key, unless --fail-on is mandatory", async () => {
    const exemptions = join(folder, "all-exempt.json");
    const reason = "a test";
    await writeFile(
      exemptions,
      JSON.stringify({
        "iam-role-requires-mfa": { exemptions: [{ name: "deploy", reason }] },
        "iam-group-requires-mfa": { exemptions: [{ name: "bare", reason }] },
      }),
    );
    const ended = await run("--format", "json", "--exemptions", exemptions);
    expect(ended.code).toBe(1);
    const all = places(ended).flatMap((place) => place.subjects);
    expect(standing(all, "role", "deploy")).toBe("exempt");
    expect(standing(all, "group", "bare")).toBe("exempt");
    expect(all.find(({ name }) => name === "deploy")?.findings[0]?.state).toBe("exempt");
    expect(standing(all, "user", "bob")).toBe("open");
    expect((await run("--exemptions", exemptions, "--fail-on", "mandatory")).code).toBe(0);
  });

  test("reports an exemption that covers nothing, and not one that covers something", async () => {
    const exemptions = join(folder, "unused.json");
    const of = (...names: readonly string[]) => ({
      exemptions: names.map((name) => ({ name, reason: "a test" })),
    });
    await writeFile(exemptions, JSON.stringify({ "iam-role-requires-mfa": of("deploy", "gone") }));
    const report: Report = JSON.parse((await run("--format", "json", "--exemptions", exemptions)).stdout);
    expect(report.unusedExemptions).toEqual([
      { policy: "iam-role-requires-mfa", name: "gone", reason: "a test" },
    ]);
    const said =
      "Unused exemption of iam-role-requires-mfa: name gone (a test) covers nothing that was audited.";
    expect((await run("--exemptions", exemptions)).stdout).toContain(said);
    expect((await run("--exemptions", exemptions, "--format", "sarif")).stdout).toContain(said);
  });

  test.each([
    ["sarif", /"ruleId": "iam-role-requires-mfa"/],
    ["junit", /<testsuites[\s\S]*iam-role-requires-mfa/],
    ["markdown", /^## Can anyone get in without MFA\?/],
  ])("prints the report as %s", async (format, shape) => {
    const { stdout, code } = await run("--format", format);
    expect(stdout).toMatch(shape);
    expect(code).toBe(1);
  });

  test("fails only for new findings with a baseline", async () => {
    const baseline = join(folder, "baseline.json");
    expect((await run("--format", "json", "--output", baseline)).code).toBe(1);
    const again = await run("--format", "json", "--baseline", baseline);
    expect(again.code).toBe(0);
    const states = places(again).flatMap((place) => place.subjects.flatMap((each) => each.findings));
    expect(new Set(states.map(({ state }) => state))).toEqual(new Set(["known"]));
    const before: Report = JSON.parse(await readFile(baseline, "utf8"));
    const without = {
      ...before,
      places: before.places.map((place) => ({
        ...place,
        subjects: place.subjects.filter(({ name }) => name !== "deploy"),
      })),
    };
    await writeFile(baseline, JSON.stringify(without));
    expect((await run("--baseline", baseline)).code).toBe(1);
  });
});

test("--usage needs the permissions that --iam-policy --usage prints, and leaves no files behind", async () => {
  const denied = await run("--format", "json", "--usage");
  expect(places(denied).at(-1)).toMatchObject({
    name: `CloudTrail of ${ACCOUNT} in us-east-1`,
    trouble: { problem: expect.stringContaining("cloudtrail:LookupEvents") },
  });
  const iam = new IAM(localClient(local.endpoint));
  const { stdout } = await run("--iam-policy", "--usage");
  await iam.putUserPolicy({ UserName: "auditor", PolicyName: "usage", PolicyDocument: stdout });
  const ended = await run("--format", "json", "--usage");
  expect(places(ended)).toHaveLength(1);
  // Only an interrupted run leaves files, from which the next one resumes.
  await expect(readdir(join(folder, ".cache/aws-mfa-stack/usage", ACCOUNT))).rejects.toThrow("ENOENT");
});

describe("CloudTrail logs", () => {
  test("show who uses a role or a user, as --usage does, and a broken file is reported", async () => {
    const logs = await mkdtemp(join(folder, "logs-"));
    const settings = localClient(local.endpoint);
    const iam = new IAM(settings);
    const { AccessKey } = await iam.createAccessKey({ UserName: "dave" });
    const credentials = {
      accessKeyId: AccessKey?.AccessKeyId ?? "",
      secretAccessKey: AccessKey?.SecretAccessKey ?? "",
    };
    await iam.putUserPolicy({
      UserName: "dave",
      PolicyName: "assume",
      PolicyDocument: text({ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" }),
    });
    const sts = new STS({ ...settings, credentials, customUserAgent: "os/macos#25.0" });
    const assume = (name: string) =>
      sts.assumeRole({ RoleArn: `arn:aws:iam::${ACCOUNT}:role/${name}`, RoleSessionName: "s" });
    await assume("deploy");
    await expect(assume("admin")).rejects.toThrow("not authorized");
    await local.writeEvents(logs);
    await writeFile(join(logs, "1_CloudTrail_broken.json.gz"), "not gzip");
    try {
      const ended = await run("--format", "json", "--trail", logs);
      const all = places(ended).flatMap((place) => place.subjects);
      const seen = (name: string) => all.find((each) => each.name === name)?.seen;
      const use = { by: "people", sure: "likely", caller: `arn:aws:iam::${ACCOUNT}:user/dave`, mfa: false };
      expect(seen("deploy")?.uses).toMatchObject([{ ...use, source: "127.0.0.1", events: 1 }]);
      expect(seen("dave")?.uses).toMatchObject([{ ...use, events: 2 }]);
      expect(seen("admin")?.uses).toEqual([]);
      expect(places(ended)[0]?.notes?.join()).toMatch(
        /have \d+ events of this account, from .* in us-east-1/,
      );
      expect(places(ended)[1]).toMatchObject({
        name: join(logs, "1_CloudTrail_broken.json.gz"),
        trouble: { problem: expect.stringContaining("not a CloudTrail log file") },
      });
      const lookedUp = await run("--format", "json", "--usage");
      const [account] = places(lookedUp);
      expect(account?.subjects.find(({ name }) => name === "deploy")?.seen?.uses).toEqual(
        seen("deploy")?.uses,
      );
      const { stdout } = await run("--trail", logs);
      expect(stdout).toMatch(/^bypassable +role +deploy +.*people/m);
      expect(stdout).toContain("Used by people, by the CloudTrail logs since");
    } finally {
      await iam.deleteUserPolicy({ UserName: "dave", PolicyName: "assume" });
      await iam.deleteAccessKey({ UserName: "dave", AccessKeyId: credentials.accessKeyId });
    }
  });
});

describe("aws-mfa audit of saved files", () => {
  async function saved(name: string, ...args: string[]): Promise<string> {
    const file = join(folder, name);
    const python = await pythonEnvironment();
    const printed = await execa(python, ["-m", "awscli", "iam", ...args, "--output", "json"], {
      env: { ...env, ...rootKeys() },
      extendEnv: false,
    });
    await writeFile(file, printed.stdout);
    return file;
  }
  const rootKeys = () => {
    const { accessKeyId, secretAccessKey } = local.rootOf(ACCOUNT);
    return {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_DEFAULT_REGION: "us-east-1",
    };
  };
  const said = (all: readonly Subject[]) =>
    all.filter(({ kind }) => kind !== "user").map(({ id, standing }) => `${standing} ${id}`);

  test("evaluates account details like the account, but leaves unguarded users unknown", async () => {
    const file = await saved("details.json", "get-account-authorization-details");
    const ended = await run("--format", "json", file);
    const [place] = places(ended);
    expect(place).toMatchObject({ kind: "account", name: ACCOUNT });
    expect(said(place?.subjects ?? [])).toEqual(said(await subjects()));
    expect(standing(place?.subjects ?? [], "user", "alice")).toBe("protected");
    expect(standing(place?.subjects ?? [], "user", "bob")).toBe("unknown");
    expect(ended.code).toBe(1);
  });

  test("evaluates account details with the credential report exactly like the account", async () => {
    // The audit itself uses a key, and has AWS make the report.
    const told = (all: readonly Subject[]) =>
      all.map(({ id, standing, setup }) => ({ id, standing, keys: setup?.accessKeys.length }));
    const account = told(await subjects());
    const report = await saved("report.json", "get-credential-report");
    const details = await saved("details.json", "get-account-authorization-details");
    const { Content } = JSON.parse(await readFile(report, "utf8"));
    const csv = join(folder, "report.csv");
    await writeFile(csv, Buffer.from(Content, "base64"));
    expect(told(await subjects(report, details))).toEqual(account);
    expect(told(await subjects(details, csv))).toEqual(account);
    const [alone] = places(await run("--format", "json", report));
    expect(alone?.trouble?.problem).toContain("Some users, groups and roles are missing");
  });

  test("evaluates two stacks of the same name as two places", async () => {
    const stack = (condition?: object) => ({
      version: 3,
      deployment: {
        resources: [
          {
            urn: "urn:pulumi:prod::app::aws:iam/role:Role::deploy",
            type: "aws:iam/role:Role",
            outputs: { assumeRolePolicy: trust({ AWS: ROOT }, condition) },
          },
        ],
      },
    });
    const files = [join(folder, "a.json"), join(folder, "b.json")];
    await writeFile(files[0] ?? "", JSON.stringify(stack()));
    await writeFile(files[1] ?? "", JSON.stringify(stack(WITH_MFA)));
    const found = places(await run("--format", "json", ...files));
    expect(found.map(({ subjects: all }) => all.map((each) => each.standing))).toEqual([
      ["open"],
      ["protected"],
    ]);
  });

  test("reads several pages as one account, and reports a missing last page", async () => {
    const whole = await saved("whole.json", "get-account-authorization-details");
    const { GroupDetailList, ...others } = JSON.parse(await readFile(whole, "utf8"));
    const [first, second] = [join(folder, "page-1.json"), join(folder, "page-2.json")];
    await writeFile(first, JSON.stringify({ GroupDetailList, IsTruncated: true, Marker: "more" }));
    await writeFile(second, JSON.stringify({ ...others, IsTruncated: false }));
    const [missing] = places(await run("--format", "json", first));
    expect(missing?.trouble?.problem).toContain("Some users, groups and roles are missing");
    const both = places(await run("--format", "json", first, second));
    const [once] = places(await run("--format", "json", whole));
    expect(both.length).toBe(1);
    expect(said(both[0]?.subjects ?? []).toSorted()).toEqual(said(once?.subjects ?? []).toSorted());
  });

  test.each([
    ["get-role", ["get-role", "--role-name", "deploy"], "open role deploy"],
    ["list-roles", ["list-roles"], "open role deploy"],
    [
      "get-group-policy",
      ["get-group-policy", "--group-name", "guarded", "--policy-name", "guard"],
      "protected policy get-group-policy.json",
    ],
  ])("evaluates the output of aws iam %s", async (name, args, expected) => {
    const file = await saved(`${name}.json`, ...args);
    const all = await subjects(file);
    expect(all.map(({ kind, name: of, standing: how }) => `${how} ${kind} ${of}`)).toContain(expected);
  });
});

describe("aws-mfa audit on errors", () => {
  const refused = { status: 403, code: "AccessDenied", message: "is not authorized to perform this" };

  test("exits with 2 and says why if AWS does not recognize the access key", async () => {
    aws.fail("GetCallerIdentity", { status: 403, code: "InvalidClientTokenId", message: "no" });
    const { code, stderr, stdout } = await run();
    aws.fail("GetCallerIdentity", undefined);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("AWS does not recognize the access key");
  });

  test("exits with 2 and reports no subject if AWS denies the account details", async () => {
    aws.fail("GetAccountAuthorizationDetails", refused);
    const ended = await run("--format", "json");
    aws.fail("GetAccountAuthorizationDetails", undefined);
    expect(ended.code).toBe(2);
    expect(places(ended)).toMatchObject([
      { name: ACCOUNT, subjects: [], trouble: { problem: expect.stringContaining("not have permission") } },
    ]);
  });

  test("does not wait for the credential report if AWS denies the account details", async () => {
    aws.fail("GetAccountAuthorizationDetails", refused);
    aws.hold("GenerateCredentialReport");
    const { code } = await run("--timeout", "3600");
    aws.fail("GetAccountAuthorizationDetails", undefined);
    aws.release("GenerateCredentialReport");
    expect(code).toBe(2);
  });

  test("reads everything else if AWS denies the account alias", async () => {
    aws.fail("ListAccountAliases", refused);
    const ended = await run("--format", "json");
    aws.fail("ListAccountAliases", undefined);
    const [{ name, alias, trouble, subjects } = { subjects: [] }] = places(ended);
    expect({ code: ended.code, name, alias, trouble }).toEqual({ code: 1, name: ACCOUNT });
    expect(subjects.length).toBeGreaterThan(9);
  });

  test("retries throttled requests until AWS answers", async () => {
    let left = 3;
    const when = () => left-- > 0;
    aws.fail("GetAccountAuthorizationDetails", {
      status: 400,
      code: "Throttling",
      message: "Rate exceeded",
      when,
    });
    const ended = await run("--format", "json");
    aws.fail("GetAccountAuthorizationDetails", undefined);
    expect(places(ended)[0]?.trouble).toBeUndefined();
    expect(aws.calls.filter(({ action }) => action === "GetAccountAuthorizationDetails")).toHaveLength(4);
  });

  test("reports only unguarded users as unknown if AWS denies the credential report", async () => {
    aws.fail("GenerateCredentialReport", refused);
    const ended = await run("--format", "json");
    aws.fail("GenerateCredentialReport", undefined);
    const all = places(ended).flatMap((place) => place.subjects);
    expect(["alice", "bob", "carol", "dave"].map((name) => standing(all, "user", name))).toEqual([
      "protected",
      "unknown",
      "unknown",
      "unknown",
    ]);
    expect(places(ended)[0]?.trouble?.problem).toContain("read the credential report");
    // Findings come before unread parts in the exit code.
    expect(ended.code).toBe(1);
  });

  test.each([
    [["--role-arn", "deploy"], "--role-arn: expected a role's ARN"],
    [["--organization", "audit", "some/path"], "--organization is for an account, and a path is given"],
    [["--state", "-", "--region", "us-east-1"], "--region is for an account, and --state is given"],
    [
      ["--profile", "prod", "--region", "us-east-1", "a", "b", "--state", "-"],
      "--profile is for an account, and paths and --state are given",
    ],
    [["--account", "1", "a"], "--account is 1; expected 12 digits"],
    [["--account", "111122223333"], "--account is for templates, and no path is given"],
    [["--fail-on", "everything"], "Allowed choices are critical, high, medium, low, mandatory, advisory"],
    [["--format", "xml"], "Allowed choices are table, json, sarif, junit, markdown"],
    [["--exemptions", "nowhere.json"], "nowhere.json cannot be read: it does not exist (ENOENT)"],
    [["--baseline", "nowhere.json"], "nowhere.json cannot be read: it does not exist (ENOENT)"],
    [["nowhere"], "nowhere cannot be read: it does not exist (ENOENT)"],
  ])("exits with 2 before it calls AWS if given %j", async (args, said) => {
    const { code, stderr } = await run(...args);
    expect(stderr).toContain(said);
    expect(code).toBe(2);
    expect(aws.calls).toEqual([]);
  });

  test("checks the configuration before it calls AWS, and reports all mistakes at once", async () => {
    const path = join(folder, "wrong.json");
    await writeFile(
      path,
      JSON.stringify({
        all: { unknown: "reject" },
        "iam-role-requires-mfas": {},
        "iam-role-requires-mfa": { exemption: [] },
        "iam-group-requires-mfa": { exemptions: [{ name: "x" }] },
      }),
    );
    const { code, stderr } = await run("--exemptions", path);
    expect(code).toBe(2);
    expect(stderr).toContain(
      'iam-role-requires-mfas: this pack has no such policy; did you mean "iam-role-requires-mfa"?',
    );
    expect(stderr).toContain('all: expected only "enforcementLevel", got "unknown"');
    expect(stderr).toContain('exemption: unknown key; did you mean "exemptions"?');
    expect(stderr).toContain("exemptions[0].reason: is missing");
    expect(stderr).toContain(`Correct ${path}.`);
    expect(stderr).not.toContain("file given with --policy-pack-config");
    expect(aws.calls).toEqual([]);
  });
});

describe("aws-mfa audit of an organization", () => {
  test("reads each member account through the role, and its own account without it", async () => {
    const ended = await run("--format", "json", "--organization", "audit");
    expect(ended.code).toBe(1);
    expect(places(ended).map(({ name }) => name)).toEqual([ACCOUNT, member].toSorted());
    const all = places(ended).flatMap((place) => place.subjects);
    expect(all.find(({ name }) => name === "elsewhere")?.id).toBe(`arn:aws:iam::${member}:role/elsewhere`);
    expect(standing(all, "role", "deploy")).toBe("open");
    const assumed = aws.calls.filter(({ action }) => action === "AssumeRole");
    expect(assumed.map(({ parameters }) => parameters.get("RoleArn"))).toEqual([
      `arn:aws:iam::${member}:role/audit`,
    ]);
  });

  test("counts a role as closed by an SCP only if the SCP limits all who can assume it", async () => {
    const ended = await run("--format", "json", "--organization", "audit");
    const all = places(ended).flatMap((place) => place.subjects);
    const closed = all.filter(({ closedBy }) => closedBy !== undefined);
    expect(closed).toMatchObject([
      {
        name: "elsewhere",
        standing: "protected",
        closedBy: [{ kind: "SCP", name: expect.stringMatching(/^p-\w+ \(RequireMfa\)$/) }],
        reason: expect.stringMatching(/^Closed by the SCP p-\w+ \(RequireMfa\)\. Nobody can assume it/),
      },
    ]);
    // The management account's users can assume both, and no SCP limits them.
    expect(standing(all, "role", "audit")).toBe("open");
    expect(standing(all, "role", "deploy")).toBe("open");
  });

  test("notes that it cannot list SCPs and RCPs, and counts what only they close as open", async () => {
    aws.fail("ListPolicies", { status: 400, code: "AccessDeniedException", message: "not authorized" });
    const ended = await run("--format", "json", "--organization", "audit");
    aws.fail("ListPolicies", undefined);
    expect(
      standing(
        places(ended).flatMap(({ subjects }) => subjects),
        "role",
        "elsewhere",
      ),
    ).toBe("open");
    const [own] = places(ended).filter(({ name }) => name === ACCOUNT);
    expect(own?.notes?.at(-1)).toMatch(/SCPs and RCPs.*What only they close counts as open\./);
    expect(own?.trouble).toBeUndefined();
    expect(JSON.parse(ended.stdout)).toMatchObject({ notLookedAt: { organizationPolicies: 1 } });
  });

  test("notes an SCP whose document it cannot evaluate", async () => {
    aws.answer("DescribePolicy", { Policy: { Content: '{"Version": "2012-10-17", "Statement": {}}' } });
    const ended = await run("--format", "json", "--organization", "audit");
    aws.answer("DescribePolicy", undefined);
    const [own] = places(ended).filter(({ name }) => name === ACCOUNT);
    expect(own?.notes?.at(-1)).toMatch(
      /^What only the SCP p-\w+ \(RequireMfa\) closes counts as open: it cannot be evaluated \(.*Statement.*\)\.$/,
    );
    expect(JSON.parse(ended.stdout)).toMatchObject({ notLookedAt: { limits: 1 } });
  });

  test("reports an account that denies the role, and reads the others", async () => {
    aws.fail("AssumeRole", {
      status: 403,
      code: "AccessDenied",
      message: "not authorized to perform: sts:AssumeRole",
    });
    const ended = await run("--format", "json", "--organization", "audit", "--fail-on", "critical");
    aws.fail("AssumeRole", undefined);
    expect(places(ended).find(({ name }) => name === member)).toMatchObject({
      subjects: [],
      trouble: { problem: expect.stringContaining(`arn:aws:iam::${member}:role/audit`) },
    });
    expect(places(ended).find(({ name }) => name === ACCOUNT)?.subjects.length).toBeGreaterThan(5);
  });

  test.each([
    ["lists no account", [], "The organization lists no account"],
    [
      "has no active account",
      ["SUSPENDED", "PENDING_CLOSURE"],
      "is suspended, 111122223334 is pending closure",
    ],
  ])("exits with 2 and prints no report if the organization %s", async (_, states, said) => {
    const Accounts = states.map((Status, index) => ({ Id: `${111122223333 + index}`, Status }));
    aws.answer("ListAccounts", { Accounts });
    const { code, stderr, stdout } = await run("--organization", "audit");
    aws.answer("ListAccounts", undefined);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(said);
    expect(stderr).toContain("management account");
  });

  test("counts a suspended account as not looked at, which does not change the exit code", async () => {
    const Accounts = [
      { Id: member, Status: "ACTIVE" },
      { Id: "111122223333", Status: "SUSPENDED" },
    ];
    aws.answer("ListAccounts", { Accounts });
    const exemptions = join(folder, "exempt.json");
    const all = { exemptions: [{ name: "*", reason: "a test" }] };
    await writeFile(exemptions, JSON.stringify({ "iam-role-requires-mfa": all }));
    const { code, stdout } = await run("--organization", "audit", "--exemptions", exemptions);
    aws.answer("ListAccounts", undefined);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nNot looked at: 1 account\b/);
  });

  test("exits with 2 if AWS does not list the accounts", async () => {
    aws.fail("ListAccounts", {
      status: 400,
      code: "AWSOrganizationsNotInUseException",
      message: "no organization",
    });
    const { code, stderr } = await run("--organization", "audit");
    aws.fail("ListAccounts", undefined);
    expect(code).toBe(2);
    expect(stderr).toContain("list the organization's accounts");
  });

  test("reports the accounts read before Ctrl-C, and names those that were not", async () => {
    aws.hold("AssumeRole");
    try {
      const sitting = runOnPty(["audit", "--organization", "audit"], { env, cwd: folder });
      await aws.held("AssumeRole");
      await sitting.sees(`Reading ${ACCOUNT}: 4 roles`);
      sitting.presses("\x03");
      expect(await sitting.ends()).toBe(130);
      expect(sitting.screen()).toMatch(new RegExp(`account ${member}\nInterrupted before it was read.`));
      expect(sitting.screen()).toMatch(/^bypassable +role +deploy/m);
    } finally {
      aws.release("AssumeRole");
    }
  });

  test("reads a single member account with --role-arn", async () => {
    const ended = await run("--format", "json", "--role-arn", `arn:aws:iam::${member}:role/audit`);
    expect(places(ended).map(({ name }) => name)).toEqual([member]);
  });
});

test("aws-mfa audit reports a virtual MFA device as virtual", async () => {
  const iam = new IAM(localClient(local.endpoint));
  const UserName = "carol";
  const { VirtualMFADevice } = await iam.createVirtualMFADevice({ VirtualMFADeviceName: UserName });
  const SerialNumber = VirtualMFADevice?.SerialNumber ?? "";
  await enableDevice(
    iam,
    UserName,
    SerialNumber,
    Buffer.from(VirtualMFADevice?.Base32StringSeed ?? []).toString("ascii"),
  );
  try {
    const carol = (await subjects()).find(({ name }) => name === UserName);
    expect(carol?.setup).toMatchObject({ mfaDevice: true, deviceKinds: ["virtual"] });
  } finally {
    await iam.deactivateMFADevice({ UserName, SerialNumber });
    await iam.deleteVirtualMFADevice({ SerialNumber });
  }
});

const PASSKEY = `arn:aws:iam::${ACCOUNT}:u2f/user/carol/key-1`;

test.each<[readonly string[], readonly string[], boolean]>([
  [["GAHT12345678"], ["hardware"], false],
  [[PASSKEY], ["passkey"], true],
  [["GAHT12345678", PASSKEY], ["hardware", "passkey"], false],
])("devices %j have the kinds %j, and a note that they give no code: %s", (serials, kinds, isConsoleOnly) =>
  withDevices("carol", serials, async () => {
    const carol = (await subjects()).find(({ name }) => name === "carol");
    expect(carol?.setup).toMatchObject({ mfaDevice: true, deviceKinds: kinds });
    expect(carol?.notes.join().includes("gives no code")).toBe(isConsoleOnly);
  }),
);

/** Works with devices that the user would register in the console: no API creates them. */
async function withDevices(UserName: string, serials: readonly string[], work: () => Promise<void>) {
  const moto = new IAM({ ...localClient(local.endpoint), endpoint: local.motoEndpoint });
  const codes = { AuthenticationCode1: "123456", AuthenticationCode2: "654321" };
  for (const SerialNumber of serials) await moto.enableMFADevice({ UserName, SerialNumber, ...codes });
  try {
    await work();
  } finally {
    for (const SerialNumber of serials) await moto.deactivateMFADevice({ UserName, SerialNumber });
  }
}

describe("aws-mfa audit --iam-policy", () => {
  test("prints exactly the actions that an audit calls, and calls none itself", async () => {
    const ended = await run("--iam-policy", "--organization", "audit");
    expect(JSON.parse(ended.stdout)).toEqual(auditPolicy({ organization: "audit" }));
    expect(aws.calls).toEqual([]);
    await withDevices("carol", [PASSKEY], async () => {
      await run("--organization", "audit");
    });
    await run("--role-arn", `arn:aws:iam::${member}:role/audit`);
    const called = new Set(aws.calls.map(({ action }) => action));
    const allowed = JSON.parse(ended.stdout).Statement.flatMap(({ Action }: { Action: string | string[] }) =>
      [Action].flat().map((action) => action.split(":")[1]),
    );
    expect([...called].toSorted()).toEqual(allowed.toSorted());
  });

  test("allows sts:AssumeRole only with --role-arn, and only on that role", async () => {
    expect(JSON.parse((await run("--iam-policy")).stdout).Statement).toHaveLength(1);
    const roleArn = `arn:aws:iam::${member}:role/audit`;
    expect(JSON.parse((await run("--iam-policy", "--role-arn", roleArn)).stdout).Statement[1]).toMatchObject({
      Action: "sts:AssumeRole",
      Resource: roleArn,
    });
  });
});

describe("aws-mfa audit of a recorded account", () => {
  const role = (name: string, use: string) =>
    `<member><CreateDate>2025-01-02T03:04:05Z</CreateDate>${use}<RoleName>${name}</RoleName><Arn>arn:aws:iam::${ACCOUNT}:role/${name}</Arn><Path>/</Path>` +
    `<AssumeRolePolicyDocument>${encodeURIComponent(trust({ AWS: ROOT }))}</AssumeRolePolicyDocument></member>`;
  const group = (name: string, policy: string) =>
    `<member><GroupName>${name}</GroupName><Arn>arn:aws:iam::${ACCOUNT}:group/${name}</Arn>` +
    `<AttachedManagedPolicies><member><PolicyArn>${policy}</PolicyArn></member></AttachedManagedPolicies></member>`;
  const GUARD_ARN = `arn:aws:iam::${ACCOUNT}:policy/guard`;
  const policy =
    `<member><PolicyName>guard</PolicyName><Arn>${GUARD_ARN}</Arn><PolicyVersionList>` +
    "<member><IsDefaultVersion>false</IsDefaultVersion><Document>%7B%7D</Document></member>" +
    `<member><IsDefaultVersion>true</IsDefaultVersion><Document>${encodeURIComponent(GUARD)}</Document></member>` +
    "</PolicyVersionList></member>";
  const PAGES = [
    `<RoleDetailList>${role("first", "<RoleLastUsed><LastUsedDate>2026-02-27T10:00:00Z</LastUsedDate><Region>eu-west-1</Region></RoleLastUsed>")}</RoleDetailList><GroupDetailList>${group("guarded", GUARD_ARN)}</GroupDetailList>`,
    `<RoleDetailList>${role("second", "<RoleLastUsed/>")}</RoleDetailList>`,
    `<Policies>${policy}</Policies>`,
  ];
  const COLUMNS =
    "user,arn,user_creation_time,password_enabled,password_last_used,mfa_active," +
    "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date," +
    "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date";
  const root = (mfa: boolean) =>
    `${COLUMNS}\n<root_account>,${ROOT},2020-01-01T00:00:00+00:00,not_supported,2024-02-03T04:05:06+00:00,${mfa},false,N/A,N/A,false,N/A,N/A\n`;

  async function withRecorded<T>(
    account: Parameters<typeof recordedAccount>[0],
    work: (recorded: RecordedAccount, env: Record<string, string>) => Promise<T>,
  ): Promise<T> {
    const recorded = await recordedAccount(account);
    try {
      return await work(recorded, { ...env, AWS_ENDPOINT_URL: recorded.endpoint });
    } finally {
      await recorded.close();
    }
  }

  test("evaluates all pages together: a guard on the last protects a group on the first", () =>
    withRecorded({ account: ACCOUNT, pages: PAGES, report: root(true) }, async (_, env) => {
      const ended = await runPlain(["audit", "--format", "json"], { env, cwd: folder });
      const all = places(ended).flatMap((place) => place.subjects);
      expect(all.map(({ kind, name, standing }) => `${standing} ${kind} ${name}`)).toEqual([
        "open role first",
        "open role second",
        "protected group guarded",
        "protected user root",
      ]);
      expect(places(ended)[0]?.alias).toBe("recorded");
      expect(places(ended)[0]?.notes?.[0]).toContain("as of 2030-01-31T12:00:00.000Z");
      expect(all.map(({ lastUse }) => lastUse)).toEqual([
        { kind: "used", of: "role", at: "2026-02-27T10:00:00.000Z", region: "eu-west-1" },
        { kind: "not recorded", of: "role", createdAt: "2025-01-02T03:04:05.000Z" },
        { kind: "nobody", members: 0 },
        { kind: "used", of: "password", at: "2024-02-03T04:05:06.000Z" },
      ]);
    }));

  test("reports a root user without an MFA device as open, with a mandatory finding", () =>
    withRecorded({ account: ACCOUNT, pages: [PAGES[2] ?? ""], report: root(false) }, async (_, env) => {
      const ended = await runPlain(["audit", "--format", "json"], { env, cwd: folder });
      expect(ended.code).toBe(1);
      expect(places(ended)[0]?.subjects).toMatchObject([
        {
          name: "root",
          standing: "open",
          danger: { can: "administrator", rank: 100 },
          findings: [{ policy: "iam-root-user-requires-mfa", level: "mandatory" }],
        },
      ]);
    }));

  test("reports a root user without credentials as protected, despite not_supported", () =>
    withRecorded(
      { account: ACCOUNT, pages: [PAGES[2] ?? ""], report: root(false), rootPassword: false },
      async (_, env) => {
        const ended = await runPlain(["audit", "--format", "json"], { env, cwd: folder });
        expect(ended.code).toBe(0);
        expect(places(ended)[0]?.subjects).toMatchObject([
          {
            name: "root",
            standing: "protected",
            reason: "It has no password and no active access key.",
            setup: { password: null },
          },
        ]);
      },
    ));

  test("reports the roles read before Ctrl-C, and exits with 130", () =>
    withRecorded({ account: ACCOUNT, pages: PAGES, report: root(true), hold: 2 }, async (recorded, env) => {
      const sitting = runOnPty(["audit"], { env, cwd: folder });
      await recorded.held;
      await sitting.sees("2 roles");
      sitting.presses("\x03");
      expect(await sitting.ends()).toBe(130);
      expect(sitting.screen()).toContain("Interrupted before all of it was read.");
      expect(sitting.screen()).toMatch(/^bypassable +role +first/m);
      expect(sitting.screen()).toMatch(/^bypassable +role +second/m);
      expect(sitting.screen()).not.toContain("guarded");
    }));
});
