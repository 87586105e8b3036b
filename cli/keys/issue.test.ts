import { STS } from "@aws-sdk/client-sts";
import { armor, Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { enableDevice } from "../../local/demo/member";
import { awsWithFaults } from "../testing/aws-with-faults";
import { COMMAND, type Ended, runPlain } from "../testing/command";
import { ACCOUNT, type Fixture, openFixture, STACK } from "../testing/fixture";
import { runOnPty } from "../testing/pty";

let stage: Fixture;
let identity: string;
let recipient: string;

beforeAll(async () => {
  stage = await openFixture({
    "aws-mfa-stack:users": ["alice", "bob"],
    "aws-mfa-stack:selfServiceDevices": false,
  });
  identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
});
afterAll(() => stage?.close());
beforeEach(async () => {
  for (const AccessKeyId of await keysOf("alice")) {
    await stage.iam.deleteAccessKey({ UserName: "alice", AccessKeyId });
  }
});

async function keysOf(UserName: string): Promise<string[]> {
  const { AccessKeyMetadata = [] } = await stage.iam.listAccessKeys({ UserName });
  return AccessKeyMetadata.map(({ AccessKeyId = "" }) => AccessKeyId);
}

const args = (user: string, ...more: string[]) => [...["keys", "issue", user, ...stage.onStack], ...more];
const issued = (user: string, ...more: string[]): Promise<Ended> =>
  runPlain(args(user, ...more), { env: stage.administrator });

async function callerOf(lines: string): Promise<string | undefined> {
  const [, accessKeyId = "", secretAccessKey = ""] =
    /^\[default\]\naws_access_key_id = (\w+)\naws_secret_access_key = (\S+)\n$/m.exec(lines) ?? [];
  const credentials = { accessKeyId, secretAccessKey };
  const sts = new STS({ endpoint: stage.moto.endpoint, region: "us-east-1", credentials });
  const { Arn } = await sts.getCallerIdentity();
  sts.destroy();
  return Arn;
}

describe("aws-mfa keys issue", () => {
  test("encrypts the first access key for the recipient in --age", async () => {
    const { code, stdout, stderr } = await issued("alice", "--age", recipient);
    expect(code).toBe(0);
    const [id] = await keysOf("alice");
    expect(stderr).toContain(`Created ${id} for alice.`);
    expect(stderr).toContain(`aws-mfa enroll alice --stack ${STACK}`);
    expect(stdout).toMatch(
      /^-----BEGIN AGE ENCRYPTED FILE-----\n[\w+/=\n]+-----END AGE ENCRYPTED FILE-----$/,
    );
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const lines = await decrypter.decrypt(armor.decode(stdout), "text");
    expect(await callerOf(lines)).toBe(`arn:aws:iam::${ACCOUNT}:user/alice`);
  });

  test("shows the key on a terminal, and clears it after Enter", async () => {
    const sitting = runOnPty(args("alice"), { env: stage.administrator });
    await sitting.sees("Enter when alice has it.");
    const [, secret = ""] = /aws_secret_access_key = (\S+)/.exec(sitting.screen()) ?? [];
    expect(secret).toMatch(/^\S{40}$/);
    sitting.answers("");
    expect(await sitting.ends()).toBe(0);
    expect(sitting.screen()).not.toContain(secret);
    expect(sitting.screen()).toContain("AWS does not show its secret again.");
    expect(await keysOf("alice")).toHaveLength(1);
  });

  test("says after Ctrl-C at the prompt how to delete the key", async () => {
    const sitting = runOnPty(args("alice"), { env: stage.administrator });
    await sitting.sees("Enter when alice has it.");
    sitting.presses("\x03");
    expect(await sitting.ends()).toBe(130);
    const [id] = await keysOf("alice");
    expect(sitting.screen()).toContain(`aws iam delete-access-key --user-name alice --access-key-id ${id}`);
  });

  test("says after Ctrl-C during CreateAccessKey that AWS was asked to create a key", async () => {
    const aws = await awsWithFaults(stage.moto.endpoint);
    onTestFinished(() => aws.close());
    aws.hold("CreateAccessKey");
    const sitting = runOnPty(args("alice"), {
      env: { ...stage.administrator, AWS_ENDPOINT_URL: aws.endpoint },
    });
    await aws.held("CreateAccessKey");
    sitting.presses("\x03");
    expect(await sitting.ends()).toBe(130);
    expect(sitting.screen()).toContain("AWS was asked to create an access key for alice");
    aws.release("CreateAccessKey");
    await expect.poll(() => keysOf("alice")).toHaveLength(1);
  });

  test("says how to delete a key that could not be printed, and does not report success", async () => {
    const command = [process.execPath, COMMAND, ...args("alice", "--age", recipient)];
    const { exitCode, stderr } = await execa("/bin/sh", ["-c", '"$0" "$@" >/dev/full', ...command], {
      env: { ...stage.administrator },
      extendEnv: false,
      reject: false,
    });
    const [id] = await keysOf("alice");
    expect(exitCode).toBe(7);
    expect(stderr).toContain(`aws iam delete-access-key --user-name alice --access-key-id ${id}`);
    expect(stderr).not.toContain("Created");
  });

  test.each([
    { what: "there is neither a terminal nor --age", more: [], exit: 8, says: "--age RECIPIENT" },
    {
      what: "the recipient is a private key",
      more: ["--age", "AGE-SECRET-KEY-1QQQ"],
      exit: 2,
      says: "begins with age1",
    },
    { what: "the recipient is mistyped", more: ["--age", "age1qqqqqq"], exit: 2, says: "begins with age1" },
  ])("creates nothing if $what", async ({ more, exit, says }) => {
    const { code, stdout, stderr } = await issued("alice", ...more);
    expect({ code, stdout }).toEqual({ code: exit, stdout: "" });
    expect(stderr).toContain(says);
    expect(stderr).not.toContain("AGE-SECRET-KEY");
    expect(await keysOf("alice")).toEqual([]);
  });

  test("creates no second key, and none for a user outside the MFA group", async () => {
    await issued("alice", "--age", recipient);
    const [id] = await keysOf("alice");
    expect(await issued("alice", "--age", recipient)).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining(`alice already has the access key ${id}.`),
    });
    await stage.iam.removeUserFromGroup({ UserName: "bob", GroupName: "MFA" });
    const { code, stderr } = await issued("bob", "--age", recipient);
    expect(code).toBe(1);
    expect(stderr).toContain("an access key would work without MFA");
    expect(await keysOf("bob")).toEqual([]);
  });

  test("names no next step if the device is enabled", async () => {
    await enableDevice(stage.iam, "alice", `arn:aws:iam::${ACCOUNT}:mfa/alice`, await stage.seedOf("alice"));
    expect((await issued("alice", "--age", recipient)).stderr).not.toContain("Next");
  });
});
