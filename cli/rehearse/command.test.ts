import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IAM } from "@aws-sdk/client-iam";
import { STS } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LOCAL_ACCOUNT, localClient } from "../../local/aws/root";
import { type LocalAws, startLocalAws } from "../../local/aws/server";
import { codeOf, twoCodes } from "../../local/demo/member";
import { runPlain } from "../testing/command";
import type { Plan } from "./plan";

const DEPLOY = `arn:aws:iam::${LOCAL_ACCOUNT}:role/deploy`;
const text = (...Statement: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const ALL = text({ Effect: "Allow", Action: "*", Resource: "*" });
const trust = (Condition: object = {}) =>
  text({ Effect: "Allow", Principal: { AWS: LOCAL_ACCOUNT }, Action: "sts:AssumeRole", Condition });
const WITH_MFA = { Bool: { "aws:MultiFactorAuthPresent": "true" } };
/** A guard that leaves more open than the pack's own, by where a call comes from and by what it does. */
const GUARD = text(
  {
    Effect: "Deny",
    NotAction: ["iam:ListUsers", "sts:GetSessionToken"],
    Resource: "*",
    Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
  },
  {
    Effect: "Deny",
    Action: "iam:ListUsers",
    Resource: "*",
    Condition: { NotIpAddress: { "aws:SourceIp": "127.0.0.0/8" } },
  },
);

let local: LocalAws;
let folder: string;

beforeAll(async () => {
  local = await startLocalAws();
  folder = await mkdtemp(join(tmpdir(), "aws-mfa-rehearse-"));
});
afterAll(async () => {
  await local.stop();
  await rm(folder, { recursive: true });
});

async function rehearse(...args: readonly string[]): Promise<{ plan: Plan; code: number }> {
  const { accessKeyId, secretAccessKey } = local.rootOf(LOCAL_ACCOUNT);
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: folder,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL: local.endpoint,
  };
  const { code, stdout, stderr } = await runPlain(["rehearse", "--format", "json", ...args], { env });
  expect(stderr).toBe("");
  return { plan: JSON.parse(stdout), code };
}

/** The calls of a user, by name, that a plan says would be stopped. */
function stoppedIn({ affected }: Plan, user: string): readonly string[] {
  const found = affected.find(({ name }) => name === user);
  return [...new Set(found?.calls.map(({ call }) => call))].sort();
}

test("a rehearsal predicts exactly the calls that AWS denies once the change is made", async () => {
  const settings = localClient(local.endpoint);
  const iam = new IAM(settings);
  await iam.createRole({ RoleName: "deploy", AssumeRolePolicyDocument: trust() });
  const callers = new Map<string, () => Promise<readonly string[]>>();
  for (const UserName of ["keys", "session", "with-code"]) {
    await iam.createUser({ UserName });
    await iam.putUserPolicy({ UserName, PolicyName: "all", PolicyDocument: ALL });
    const { AccessKey } = await iam.createAccessKey({ UserName });
    const keys = {
      accessKeyId: AccessKey?.AccessKeyId ?? "",
      secretAccessKey: AccessKey?.SecretAccessKey ?? "",
    };
    const { VirtualMFADevice } = await iam.createVirtualMFADevice({ VirtualMFADeviceName: UserName });
    const seed = Buffer.from(VirtualMFADevice?.Base32StringSeed ?? []).toString("ascii");
    const SerialNumber = VirtualMFADevice?.SerialNumber ?? "";
    const [AuthenticationCode1, AuthenticationCode2] = twoCodes(seed);
    await iam.enableMFADevice({ UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 });
    callers.set(UserName, async () => {
      const sts = new STS({ ...settings, credentials: keys });
      const code = UserName === "with-code" ? { SerialNumber, TokenCode: codeOf(seed) } : {};
      const { Credentials } = UserName === "keys" ? {} : await sts.getSessionToken(code);
      const credentials =
        Credentials === undefined
          ? keys
          : {
              accessKeyId: Credentials.AccessKeyId ?? "",
              secretAccessKey: Credentials.SecretAccessKey ?? "",
              sessionToken: Credentials.SessionToken ?? "",
            };
      const [ofIam, ofSts] = [new IAM({ ...settings, credentials }), new STS({ ...settings, credentials })];
      const calls: Record<string, () => Promise<unknown>> = {
        "iam:GetUser": () => ofIam.getUser({ UserName }),
        "iam:ListUsers": () => ofIam.listUsers(),
        "sts:AssumeRole": () => ofSts.assumeRole({ RoleArn: DEPLOY, RoleSessionName: "s" }),
      };
      const denied: string[] = [];
      for (const [name, call] of Object.entries(calls)) {
        await call().catch((error: Error) => {
          // IAM accepts no call from a session without MFA, before and after the change.
          if (error.name === "InvalidClientTokenId") return;
          expect(error.name).toMatch(/AccessDenied/);
          denied.push(name);
        });
      }
      return denied.sort();
    });
  }
  for (const call of callers.values()) expect(await call()).toEqual([]);
  await local.writeEvents(folder);

  const guard = join(folder, "guard.json");
  await writeFile(guard, GUARD);
  const trusted = join(folder, "trust.json");
  await writeFile(trusted, trust(WITH_MFA));
  const logs = ["--trail", join(folder, "AWSLogs")];
  const html = join(folder, "plan.html");
  const ofGuard = await rehearse("--policy", guard, "--html", html, ...logs);
  expect(await readFile(html, "utf8")).toContain(`{"kind":"title","text":"Rehearsal: ${ofGuard.plan.change}`);
  // The event history has what the logs have, and the calls of the rehearsal itself.
  const lookedUp = await rehearse("--policy", guard, "--usage");
  expect(lookedUp.plan.affected.map(({ name, calls }) => [name, calls.length])).toEqual(
    ofGuard.plan.affected.map(({ name, calls }) => [name, calls.length]),
  );
  const ofTrust = await rehearse("--role", `deploy=${trusted}`, ...logs);
  expect([ofGuard.code, ofTrust.code]).toEqual([1, 1]);
  expect(ofGuard.plan.evidence[0]?.events).toBeGreaterThan(9);

  await iam.updateAssumeRolePolicy({ RoleName: "deploy", PolicyDocument: trust(WITH_MFA) });
  for (const [name, call] of callers)
    expect([name, await call()]).toEqual([name, stoppedIn(ofTrust.plan, name)]);
  expect(stoppedIn(ofTrust.plan, "keys")).toEqual(["sts:AssumeRole"]);
  await iam.updateAssumeRolePolicy({ RoleName: "deploy", PolicyDocument: trust() });
  for (const UserName of callers.keys())
    await iam.putUserPolicy({ UserName, PolicyName: "guard", PolicyDocument: GUARD });
  for (const [name, call] of callers)
    expect([name, await call()]).toEqual([name, stoppedIn(ofGuard.plan, name)]);
  expect(stoppedIn(ofGuard.plan, "keys")).toEqual(["iam:GetUser", "sts:AssumeRole"]);
  expect(stoppedIn(ofGuard.plan, "with-code")).toEqual([]);
  for (const { affected } of [ofGuard.plan, ofTrust.plan])
    expect(affected.filter(({ outcome }) => outcome !== "stopped")).toEqual([]);
});

test.each<[readonly string[], string]>([
  [["--role", "deploy"], "--role: expected NAME=FILE, got deploy"],
  [["account.json", "--usage"], "--usage is for the account of your credentials, and a path takes its place"],
  [["--since", "soon"], "--since: expected a day such as 2030-01-31, got soon"],
  [["--policy", "guard.json", "--role", "deploy=missing.json"], "missing.json cannot be read"],
])("aws-mfa rehearse rejects %j", async (args, problem) => {
  await writeFile(join(folder, "guard.json"), GUARD);
  const { code, stderr } = await runPlain(["rehearse", ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", HOME: folder },
  });
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(problem) });
});

test("aws-mfa rehearse rejects files that contain no account", async () => {
  const file = join(folder, "policy.json");
  await writeFile(file, trust());
  const { code, stderr } = await runPlain(["rehearse", file], {
    env: { PATH: process.env.PATH ?? "", HOME: folder },
  });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringContaining("The files contain no account"),
  });
});
