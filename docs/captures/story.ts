import { rm } from "node:fs/promises";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { Terminal } from "@xterm/headless";
import { ACCOUNT, type Fixture } from "../../cli/testing/fixture";
import { releaseAccess } from "../../examples/bad/release-access";
import { LOCAL_CREDENTIALS } from "../../local/aws/root";
import { codeOf, type Keys, newKeys, settleIn, twoCodes } from "../../local/demo/member";
import { EngineFailure } from "../../local/engine/failure";
import { openStack, POLICY_PACK } from "../../local/engine/stack";
import type { CaptureName } from "./captures";
import { atShell, type Seat, type Shell, WIDTHS } from "./desk";

/** What a story is told on. */
export interface Setting {
  readonly stage: Fixture;
  readonly stack: string;
  /** The folder of the commands, for PATH. */
  readonly bin: string;
  readonly homeOf: Readonly<Record<"alice" | "bob", string>>;
  /** Keeps what the terminal shows now. */
  readonly shows: (name: CaptureName, terminal: Pick<Shell, "cells" | "columns">) => void;
}

const ROLE = `arn:aws:iam::${ACCOUNT}:role/MFABasedAccess`;
const RELEASE_ACCESS = { program: releaseAccess, project: "release-access" };
const serialOf = (user: string) => `arn:aws:iam::${ACCOUNT}:mfa/${user}`;

/** The guide's way, from a device that nobody has enabled to a working day, as two people type it. */
export async function tell(setting: Setting): Promise<void> {
  await rejection(setting);
  await enrolment(setting);
  const alice = await member(setting, "alice");
  await firstSession(setting, alice);
  await workingDay(setting, alice);
  await unfinished(setting);
  await overview(setting);
}

type Width = NonNullable<Seat["width"]>;

/** Where the administrator sits: in the project's folder. */
function office({ stage, bin }: Setting, width: Width = "narrow"): Seat {
  return { env: withCommands(stage.administrator, bin), folder: stage.stack.folder, width };
}

async function enrolment(setting: Setting): Promise<void> {
  const { stage, stack, shows } = setting;
  await atShell(office(setting), async (shell) => {
    await shell.starts(`aws-mfa enroll alice --stack ${stack}`);
    await shell.sees("Code shown by the app:");
    shows("enroll-code", shell);
    const [first, second] = twoCodes(await stage.seedOf("alice"));
    shell.answers(first);
    await shell.sees("Next code");
    shell.answers(second);
    await shell.isDone();
    shows("enroll-done", shell);
  });
}

/** A user at home, with access keys in the profile `default`. */
interface Member {
  readonly home: string;
  readonly keys: Keys;
  sits(types: (shell: Shell) => Promise<void>, width?: Width): Promise<void>;
}

async function member({ stage, bin, homeOf }: Setting, user: "alice" | "bob"): Promise<Member> {
  const home = homeOf[user];
  const keys = await newKeys(stage.iam, user);
  const { env } = await settleIn(home, keys, stage.moto.endpoint);
  const { PATH = "" } = stage.administrator;
  // The keyring of whoever takes the captures is not for alice.
  const all = withCommands({ ...env, PATH, AWS_MFA_KEYRING: "off" }, bin);
  return { home, keys, sits: (types, width = "narrow") => atShell({ env: all, folder: home, width }, types) };
}

const writesProfile = (user: string, more = "") =>
  `aws-mfa profile${more} \\\n  --role-arn ${ROLE} \\\n  --mfa-serial ${serialOf(user)} \\\n  --region ${LOCAL_CREDENTIALS.AWS_REGION}`;

async function firstSession({ stage, shows }: Setting, alice: Member): Promise<void> {
  const seed = await stage.seedOf("alice");
  // On paper, until the command asks for it.
  await rm(join(alice.home, ".aws", "credentials"));
  await alice.sits(async (shell) => {
    await shell.starts(`aws-mfa setup --role-arn ${ROLE} --region ${LOCAL_CREDENTIALS.AWS_REGION}`);
    await shell.sees("Access key ID");
    shell.answers(alice.keys.id);
    await shell.sees("Secret access key");
    shell.answers(alice.keys.secret);
    await shell.sees("MFA code for");
    shell.answers(codeOf(seed));
    await shell.isDone();
    shows("setup", shell);
  });
  await s3On(stage).send(new CreateBucketCommand({ Bucket: "quarterly-reports" }));
  await alice.sits(async (shell) => {
    await shell.runs("export AWS_PROFILE=mfabasedaccess");
    await shell.starts("aws s3 ls");
    await shell.sees("Enter MFA code for");
    shell.answers(codeOf(seed));
    await shell.isDone();
    shows("s3-ls", shell);
  });
}

async function workingDay({ stage, shows }: Setting, alice: Member): Promise<void> {
  await alice.sits(async (shell) => {
    await shell.starts(writesProfile("alice", " --one-code"));
    await shell.sees("Change the profile");
    shows("one-code", shell);
    shell.answers("y");
    await shell.isDone();
  });
  await alice.sits(async (shell) => {
    await shell.starts("aws-mfa session");
    await shell.sees("MFA code for");
    shell.answers(codeOf(await stage.seedOf("alice")));
    await shell.isDone();
    await shell.runs("export AWS_PROFILE=mfabasedaccess");
    await shell.runs("aws s3 ls");
    await shell.runs("aws sts get-caller-identity --query Arn");
    shows("session", shell);
  }, "wide");
}

/** bob has his access keys and a profile, and nobody has enabled his device. */
async function unfinished(setting: Setting): Promise<void> {
  const bob = await member(setting, "bob");
  await bob.sits((shell) => shell.runs(writesProfile("bob")));
  await bob.sits(async (shell) => {
    await shell.runs("aws-mfa verify");
    setting.shows("verify-fails", shell);
  }, "wide");
}

async function overview(setting: Setting): Promise<void> {
  const { stage, stack, shows } = setting;
  await atShell(office(setting, "wide"), async (shell) => {
    await shell.runs(`aws-mfa status --stack ${stack}`);
    shows("status", shell);
  });
  // What somebody deployed without the pack.
  const release = await openStack({ ...RELEASE_ACCESS, endpoint: stage.moto.endpoint });
  try {
    await release.up();
  } finally {
    await release.close();
  }
  await atShell(office(setting, "wide"), async (shell) => {
    await shell.runs("aws-mfa audit");
    shows("audit", shell);
  });
}

/**
 * The one screen that nobody types at: `pulumi preview` in `examples/bad` needs Pulumi's Node language host, so the engine
 * runs the same program here, with the pack. The screen shows what it printed from the policies on, with another folder.
 */
async function rejection({ stage, shows }: Setting): Promise<void> {
  const endpoint = stage.moto.endpoint;
  const stack = await openStack({ ...RELEASE_ACCESS, endpoint, policyPacks: [POLICY_PACK] });
  const outcome = await stack.preview().catch((error: unknown) => error);
  await stack.close();
  if (!(outcome instanceof EngineFailure)) throw new Error("the pack did not reject examples/bad");
  const columns = WIDTHS.wide;
  const screen = new Terminal({ cols: columns, rows: 30, allowProposedApi: true });
  const printed = outcome.printed
    .slice(outcome.printed.indexOf("Policies:"))
    // Where the CLI was built from source, its language host is a stand-in.
    .replace(/^.*warning: using pulumi-language-nodejs from.*\n/m, "")
    .replaceAll(POLICY_PACK, "/home/admin/aws-mfa-stack/policy-pack");
  await new Promise<void>((done) => screen.write(`${printed.trimEnd()}\n`.replaceAll("\n", "\r\n"), done));
  shows("rejected", { columns, cells: () => screen.buffer.active });
}

function withCommands(env: Readonly<Record<string, string>>, bin: string): Record<string, string> {
  return { ...env, PATH: `${bin}:${env.PATH ?? ""}` };
}

function s3On({ moto }: Fixture): S3Client {
  return new S3Client({
    endpoint: moto.endpoint,
    region: LOCAL_CREDENTIALS.AWS_REGION,
    credentials: {
      accessKeyId: LOCAL_CREDENTIALS.AWS_ACCESS_KEY_ID,
      secretAccessKey: LOCAL_CREDENTIALS.AWS_SECRET_ACCESS_KEY,
    },
    forcePathStyle: true,
  });
}
