import { spawnSync } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { type Ended, runPlain } from "../../cli/testing/command";
import { HOSTILE, hostileServer } from "../../cli/testing/hostile-server";
import { pulumiCli } from "../../local/pulumi/cli";
import { inTurn } from "../random";
import type { AttackClass } from "./class";

const ACCOUNT = "arn:aws:iam::111122223333:";
const CONFIG = `[profile mfabasedaccess]
role_arn = ${ACCOUNT}role/MFABasedAccess
source_profile = default
mfa_serial = ${ACCOUNT}mfa/alice
[profile codeless]
role_arn = ${ACCOUNT}role/MFABasedAccess
source_profile = default
`;
const CREDENTIALS = `[default]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`;
/** Ten short lines that stand for a billion values. */
const ALIASES = Array.from(
  { length: 9 },
  (_, nth) => `n${nth + 1}: &n${nth + 1} [${`*n${nth}, `.repeat(10)}]`,
);
const ALIAS_BOMB = ["Statement: [&n0 [x, x, x, x, x, x, x, x, x, x]]", ...ALIASES, ""].join("\n");

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "sts:AssumeRole" },
});

interface Attack {
  readonly args: readonly string[];
  /** What is in AWS's place; without, nobody. */
  readonly server?: string;
  /** Says whose credentials they are before it is anything else than AWS. */
  readonly account?: string;
  /** Pulumi is there and does not answer. */
  readonly silentPulumi?: true;
  /** What it ends with, and says. */
  readonly code: number;
  readonly says: string;
}

const OF_STACK = ["--stack", "dev"];

/** The commands that read a stack first. */
const ASK_PULUMI = [
  ["status", ...OF_STACK],
  ["enroll", "alice", "--codes", ...OF_STACK],
  ["replace", "alice", "--yes", "--prepare", ...OF_STACK],
  ["offboard", "alice", "--yes", ...OF_STACK],
];

/** Every command that asks AWS, and what it ends with when AWS cannot be reached. */
const ASK_AWS: readonly Pick<Attack, "args" | "code">[] = [
  ...ASK_PULUMI.map((args) => ({ args, code: 6 })),
  { args: ["verify"], code: 6 },
  { args: ["session", "--code"], code: 6 },
  { args: ["enroll", "--self", "--codes"], code: 6 },
  { args: ["exec", "codeless", "--", "true"], code: 6 },
  { args: ["audit"], code: 2 },
  { args: ["audit", "--organization", "aws-mfa-audit"], code: 2 },
];

const ATTACKS: readonly [Attack, ...Attack[]] = [
  { args: ["audit", "pipe"], code: 2, says: "no data from the pipe" },
  { args: ["audit", "--state", "pipe"], code: 2, says: "no data from the pipe" },
  { args: ["audit", "trust.json", "--output", "pipe"], code: 2, says: "nothing has read from it" },
  { args: ["audit", "trust.json", "--html", "pipe"], code: 2, says: "nothing has read from it" },
  { args: ["findings", "pipe"], code: 7, says: "no data from the pipe" },
  { args: ["audit", "/dev/zero"], code: 2, says: "has more than 256 MiB" },
  { args: ["audit", "aliases.yaml"], code: 2, says: "found too many values" },
  ...HOSTILE.flatMap((server) =>
    [undefined, "111122223333"].flatMap((account) =>
      ASK_AWS.map((each) => ({
        ...each,
        server,
        ...(account && { account }),
        says: "AWS cannot be reached",
      })),
    ),
  ),
  ...[...ASK_PULUMI, ["verify"]].map((args) => ({
    args,
    server: "gives no answer",
    account: "444455556666",
    code: 4,
    says: "expected 111122223333",
  })),
  ...[...ASK_PULUMI, ["profile", "alice", ...OF_STACK]].map((args) => ({
    args,
    silentPulumi: true as const,
    code: 3,
    says: "Pulumi did not answer",
  })),
];

export const unanswered: AttackClass = {
  name: "unanswered",
  attack:
    "A command reads from AWS, a proxy, Pulumi, a pipe or a file that is silent, endless, or something else.",
  holds: "It exits by itself with the right exit code, and reports nothing about the user.",
  runs: { full: 200, short: 6 },
  open: async (folder) => {
    const bin = join(folder, "bin");
    await mkdir(join(folder, ".aws"));
    await mkdir(bin);
    await writeFile(join(folder, ".aws", "config"), CONFIG);
    await writeFile(join(folder, ".aws", "credentials"), CREDENTIALS);
    await writeFile(join(folder, "aliases.yaml"), ALIAS_BOMB);
    // One that does not end when it is asked to.
    await writeFile(join(bin, "pulumi"), "#!/bin/sh\ntrap '' TERM\nexec sleep 600\n");
    await chmod(join(bin, "pulumi"), 0o755);
    await writeFile(join(folder, "trust.json"), TRUST);
    spawnSync("mkfifo", [join(folder, "pipe")]);
    const pulumi = await deployed(folder);
    return {
      attack: async (_, seed) => {
        const attack = inTurn(seed, ATTACKS);
        const server =
          attack.server === undefined ? undefined : await hostileServer(attack.server, attack.account);
        try {
          const ended = await runPlain(attack.args, {
            cwd: folder,
            env: {
              HOME: folder,
              ...pulumi,
              PATH: `${attack.silentPulumi ? `${bin}:` : ""}${pulumi.PATH}`,
              AWS_EC2_METADATA_DISABLED: "true",
              AWS_MFA_KEYRING: "off",
              AWS_MFA_TIMEOUT: "1",
              ...server?.env,
            },
            ...(attack.args.some((each) => each.startsWith("--code")) && { input: "123456\n" }),
          });
          assertSurvived(attack, ended);
        } finally {
          await server?.close();
        }
      },
    };
  },
};

const STACK = "urn:pulumi:dev::aws-mfa-stack::";

/** What the state of a stack with one user has in it, as far as the command reads it. */
const STATE = {
  version: 3,
  deployment: {
    manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "" },
    resources: [
      {
        urn: `${STACK}pulumi:pulumi:Stack::aws-mfa-stack-dev`,
        custom: false,
        type: "pulumi:pulumi:Stack",
        outputs: {
          groupName: "MFA",
          groupArn: `${ACCOUNT}group/MFA`,
          roles: { MFABasedAccess: { arn: `${ACCOUNT}role/MFABasedAccess`, sessionSeconds: 3600 } },
          users: { alice: { mfaSerial: `${ACCOUNT}mfa/alice` } },
        },
      },
      {
        urn: `${STACK}aws-mfa-stack:access:MfaUser::alice`,
        custom: false,
        type: "aws-mfa-stack:access:MfaUser",
      },
    ],
  },
};

/** Gives the environment in which Pulumi reads a stack `dev` in the folder. */
async function deployed(folder: string): Promise<Readonly<Record<string, string>>> {
  const { path } = await pulumiCli();
  const env = { PATH: path, HOME: folder, PULUMI_CONFIG_PASSPHRASE: "any", PULUMI_SKIP_UPDATE_CHECK: "true" };
  await writeFile(
    join(folder, "Pulumi.yaml"),
    `name: aws-mfa-stack\nruntime: nodejs\nbackend: { url: "file://${folder}" }\n`,
  );
  const pulumi = (args: readonly string[], input = "") =>
    execa("pulumi", args, { cwd: folder, env, extendEnv: false, input });
  await pulumi(["stack", "init", "dev"]);
  await pulumi(["stack", "import", "--stack", "dev"], JSON.stringify(STATE));
  return env;
}

function assertSurvived(
  { args, server, account, code, says }: Attack,
  { code: got, stdout, stderr }: Ended,
): void {
  const said = `${stdout}\n${stderr}`;
  if (got === code && said.includes(says)) return;
  const where =
    server === undefined
      ? ""
      : ` where AWS should be, something that ${server}${account ? `, after it said ${account}` : ""}`;
  throw new Error(`${args.join(" ")}${where}: expected ${code} and "${says}", got ${got} and ${said.trim()}`);
}
