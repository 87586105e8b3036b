import { rm } from "node:fs/promises";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { Terminal } from "@xterm/headless";
import { ACCOUNT, type Fixture } from "../../cli/testing/fixture";
import { releaseAccess } from "../../examples/bad/release-access";
import { LOCAL_CREDENTIALS, localClient } from "../../local/aws/root";
import { codeOf, type Keys, newKeys, settleIn, twoCodes } from "../../local/demo/member";
import { EngineFailure } from "../../local/engine/failure";
import { openStack, POLICY_PACK } from "../../local/engine/stack";
import type { CaptureName } from "./captures";
import { COLUMNS, type Shell, type ShellOptions, withShell } from "./shell";

export interface Context {
  readonly fixture: Fixture;
  readonly stack: string;
  /** The folder of the commands, for PATH. */
  readonly bin: string;
  readonly homes: Readonly<Record<"alice" | "bob", string>>;
  /** Saves what the terminal shows now. */
  readonly capture: (name: CaptureName, terminal: Pick<Shell, "cells" | "columns">) => void;
}

const ROLE = `arn:aws:iam::${ACCOUNT}:role/MFABasedAccess`;
const RELEASE_ACCESS = { program: releaseAccess, project: "release-access" };

/** Types the commands of the guide, from a device that nobody has enabled to a working day, and captures the screens. */
export async function captureScenes(context: Context): Promise<void> {
  await rejection(context);
  await enrollment(context);
  const alice = await userOf(context, "alice");
  await firstSession(context, alice);
  await workingDay(context, alice);
  await deviceNotEnabled(context);
  await overview(context);
}

function administrator({ fixture, bin }: Context, width: ShellOptions["width"] = "narrow"): ShellOptions {
  return { env: withCommands(fixture.administrator, bin), folder: fixture.stack.folder, width };
}

async function enrollment(context: Context): Promise<void> {
  const { fixture, stack, capture } = context;
  await withShell(administrator(context), async (shell) => {
    await shell.type(`aws-mfa enroll alice --stack ${stack}`);
    await shell.sees("Code shown by the app:");
    capture("enroll-code", shell);
    const [first, second] = twoCodes(await fixture.seedOf("alice"));
    shell.answers(first);
    await shell.sees("Next code");
    shell.answers(second);
    await shell.finished();
    capture("enroll-done", shell);
  });
}

/** A user with access keys in the profile `default`. */
interface User extends ShellOptions {
  readonly keys: Keys;
}

async function userOf({ fixture, bin, homes }: Context, user: "alice" | "bob"): Promise<User> {
  const folder = homes[user];
  const keys = await newKeys(fixture.iam, user);
  const { env } = await settleIn(folder, keys, fixture.moto.endpoint);
  const { PATH = "" } = fixture.administrator;
  return { keys, folder, env: withCommands({ ...env, PATH, AWS_MFA_KEYRING: "off" }, bin) };
}

const profileCommand = (user: string, options = "") =>
  `aws-mfa profile${options} \\\n  --role-arn ${ROLE} \\\n  --mfa-serial arn:aws:iam::${ACCOUNT}:mfa/${user} \\\n  --region ${LOCAL_CREDENTIALS.AWS_REGION}`;

async function firstSession({ fixture, capture }: Context, alice: User): Promise<void> {
  const seed = await fixture.seedOf("alice");
  // `setup` asks for the access key.
  await rm(join(alice.folder, ".aws", "credentials"));
  await withShell(alice, async (shell) => {
    await shell.type(`aws-mfa setup --role-arn ${ROLE} --region ${LOCAL_CREDENTIALS.AWS_REGION}`);
    await shell.sees("Access key ID");
    shell.answers(alice.keys.id);
    await shell.sees("Secret access key");
    shell.answers(alice.keys.secret);
    await shell.sees("MFA code for");
    shell.answers(codeOf(seed));
    await shell.finished();
    capture("setup", shell);
  });
  const s3 = new S3Client({ ...localClient(fixture.moto.endpoint), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "quarterly-reports" }));
  await withShell(alice, async (shell) => {
    await shell.run("export AWS_PROFILE=mfabasedaccess");
    await shell.type("aws s3 ls");
    await shell.sees("Enter MFA code for");
    shell.answers(codeOf(seed));
    await shell.finished();
    capture("s3-ls", shell);
  });
}

async function workingDay({ fixture, capture }: Context, alice: User): Promise<void> {
  await withShell(alice, async (shell) => {
    await shell.type(profileCommand("alice", " --one-code"));
    await shell.sees("Change the profile");
    capture("one-code", shell);
    shell.answers("y");
    await shell.finished();
  });
  await withShell({ ...alice, width: "wide" }, async (shell) => {
    await shell.type("aws-mfa session");
    await shell.sees("MFA code for");
    shell.answers(codeOf(await fixture.seedOf("alice")));
    await shell.finished();
    await shell.run("export AWS_PROFILE=mfabasedaccess");
    await shell.run("aws s3 ls");
    await shell.run("aws sts get-caller-identity --query Arn");
    capture("session", shell);
  });
}

async function deviceNotEnabled(context: Context): Promise<void> {
  const bob = await userOf(context, "bob");
  await withShell(bob, (shell) => shell.run(profileCommand("bob")));
  await withShell({ ...bob, width: "wide" }, async (shell) => {
    await shell.run("aws-mfa verify");
    context.capture("verify-fails", shell);
  });
}

async function overview(context: Context): Promise<void> {
  const { fixture, stack, capture } = context;
  await withShell(administrator(context, "wide"), async (shell) => {
    await shell.run(`aws-mfa status --stack ${stack}`);
    capture("status", shell);
  });
  // A stack that was deployed without the pack.
  const release = await openStack({ ...RELEASE_ACCESS, endpoint: fixture.moto.endpoint });
  try {
    await release.up();
  } finally {
    await release.close();
  }
  await withShell(administrator(context, "wide"), async (shell) => {
    await shell.run("aws-mfa audit");
    capture("audit", shell);
  });
}

/**
 * Not typed: `pulumi preview` in `examples/bad` needs Pulumi's Node.js language host, so the engine runs the same program here, with
 * the pack. The screen shows its output from the policies on, with another path of the pack.
 */
async function rejection({ fixture, capture }: Context): Promise<void> {
  const endpoint = fixture.moto.endpoint;
  const stack = await openStack({ ...RELEASE_ACCESS, endpoint, policyPacks: [POLICY_PACK] });
  const outcome = await stack.preview().catch((error: unknown) => error);
  await stack.close();
  if (!(outcome instanceof EngineFailure)) throw new Error("The pack did not reject examples/bad.");
  const columns = COLUMNS.wide;
  const screen = new Terminal({ cols: columns, rows: 30, allowProposedApi: true });
  const printed = outcome.printed
    .slice(outcome.printed.indexOf("Policies:"))
    // A CLI that was built from source has a stand-in for its language host.
    .replace(/^.*warning: using pulumi-language-nodejs from.*\n/m, "")
    .replaceAll(POLICY_PACK, "/home/admin/aws-mfa-stack/policy-pack");
  await new Promise<void>((done) => screen.write(`${printed.trimEnd()}\n`.replaceAll("\n", "\r\n"), done));
  capture("rejected", { columns, cells: () => screen.buffer.active });
}

function withCommands(env: Readonly<Record<string, string>>, bin: string): Record<string, string> {
  return { ...env, PATH: `${bin}:${env.PATH ?? ""}` };
}
