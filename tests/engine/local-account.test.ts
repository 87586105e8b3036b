import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { IAM } from "@aws-sdk/client-iam";
import { S3 } from "@aws-sdk/client-s3";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { spawnOnPty } from "../../cli/testing/pty";
import { localClient } from "../../local/aws/root";
import { type LocalAws, startLocalAws } from "../../local/aws/server";
import { runInAccount } from "../../local/demo/account";
import { codeOf, newKeys } from "../../local/demo/member";
import { ADMINISTRATOR } from "../../local/demo/names";
import { Shutdown } from "../../local/shutdown";

// `npm run demo -- --account PROFILE`. A local AWS stands in for the account, and local/provider for Pulumi's aws provider.

const ROOT = resolve(__dirname, "../..");

let aws: LocalAws;
let iam: IAM;
let environment: Readonly<Record<string, string>>;
beforeEach(async () => {
  aws = await startLocalAws();
  iam = new IAM(localClient(aws.endpoint));
  const home = await mkdtemp(join(tmpdir(), "aws-mfa-account-"));
  await iam.createUser({ UserName: "admin" });
  await iam.attachUserPolicy({ UserName: "admin", PolicyArn: ADMINISTRATOR });
  const { id, secret } = await newKeys(iam, "admin");
  const file = join(home, "credentials");
  await writeFile(file, `[sandbox]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`);
  environment = {
    AWS_SHARED_CREDENTIALS_FILE: file,
    AWS_CONFIG_FILE: join(home, "config"),
    AWS_REGION: "eu-central-1",
    AWS_ENDPOINT_URL: aws.endpoint,
  };
  return async () => {
    await aws.stop();
    await rm(home, { recursive: true });
  };
});

/** What is in the account, the names of its administrator aside. */
async function made(): Promise<readonly unknown[]> {
  const { UserDetailList, GroupDetailList, RoleDetailList, Policies } =
    await iam.getAccountAuthorizationDetails({ Filter: ["User", "Group", "Role", "LocalManagedPolicy"] });
  const { VirtualMFADevices } = await iam.listVirtualMFADevices();
  const s3 = new S3({ ...localClient(aws.endpoint), forcePathStyle: true });
  const { Buckets } = await s3.listBuckets();
  const users = UserDetailList?.filter(({ UserName }) => UserName !== "admin");
  const lists = [users, GroupDetailList, RoleDetailList, Policies, VirtualMFADevices, Buckets];
  return lists.flatMap((list): readonly unknown[] => list ?? []);
}

function play(answer: string) {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const shutdown = new Shutdown();
  const ask = async () => answer;
  return runInAccount("sandbox", shutdown, { ask, code: async (seed) => codeOf(seed) }).finally(async () => {
    await shutdown.close();
    vi.unstubAllEnvs();
  });
}

test("every step of the demo succeeds, the report records AWS's answers, and nothing is left", async () => {
  const file = await play("y");
  onTestFinished(() => rm(file));
  const report = await readFile(file, "utf8");
  expect(report).toContain(`What the stand-in at ${aws.endpoint} answered`);
  expect([...report.matchAll(/^- .*: \*\*(.*)\*\*$/gm)].map(([, answer]) => answer)).toEqual([
    "false",
    "false",
    "false",
    "AccessDenied",
    "done",
    "2",
  ]);
  expect(await made()).toEqual([]);
});

test("the demo creates nothing without consent", async () => {
  await expect(play("")).rejects.toThrow("Nothing was created.");
  expect(await made()).toEqual([]);
});

test("Ctrl-C deletes what the demo has created so far", async () => {
  const { HOME = "", PATH = "" } = process.env;
  const tsx = join(ROOT, "node_modules", "tsx", "dist", "cli.mjs");
  const args = [tsx, join(ROOT, "local", "demo.ts"), "--account", "sandbox"];
  const setting = { env: { ...environment, HOME, PATH, TERM: "xterm-256color" }, cwd: ROOT };
  const sitting = spawnOnPty(process.execPath, args, setting);
  await sitting.sees("Continue in account 123456789012? [y/N]");
  sitting.answers("y");
  await sitting.sees("a second pulumi up changes nothing");
  expect(await made()).not.toEqual([]);
  sitting.presses("\x03");
  expect(await sitting.ends()).toBe(130);
  expect(await made()).toEqual([]);
});
