import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ended, runPlain } from "../../cli/testing/command";
import { HOSTILE, hostileServer } from "../../cli/testing/hostile-server";
import type { AttackClass } from "./class";

const ACCOUNT = "arn:aws:iam::111122223333:";
const CONFIG = `[profile mfabasedaccess]
role_arn = ${ACCOUNT}role/MFABasedAccess
source_profile = default
mfa_serial = ${ACCOUNT}mfa/alice
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

interface Attack {
  readonly args: readonly string[];
  /** What is in AWS's place; without, nobody. */
  readonly server?: string;
  /** What it ends with, and says. */
  readonly code: number;
  readonly says: string;
}

/** Every command that asks AWS, and what it ends with when AWS is out of reach. */
const ASK_AWS: readonly Pick<Attack, "args" | "code">[] = [
  { args: ["verify"], code: 6 },
  { args: ["session", "--code"], code: 6 },
  { args: ["enroll", "--self", "--codes"], code: 6 },
  { args: ["audit"], code: 2 },
  { args: ["audit", "--organization", "aws-mfa-audit"], code: 2 },
];

const ATTACKS: readonly Attack[] = [
  ...HOSTILE.flatMap((server) => ASK_AWS.map((each) => ({ ...each, server, says: "AWS is out of reach" }))),
  { args: ["status", "--stack", "dev"], code: 3, says: "Pulumi did not answer" },
  { args: ["audit", "pipe"], code: 2, says: "nobody has written into it" },
  { args: ["audit", "--state", "pipe"], code: 2, says: "nobody has written into it" },
  { args: ["findings", "pipe"], code: 7, says: "nobody has written into it" },
  { args: ["audit", "/dev/zero"], code: 2, says: "has more than 256 MiB" },
  { args: ["audit", "aliases.yaml"], code: 2, says: "found too many values" },
];

export const unanswered: AttackClass = {
  name: "unanswered",
  attack:
    "A command asks an AWS, a proxy, a Pulumi, a pipe or a file that is silent, endless, or something else.",
  holds: "It ends by itself, with the exit code of that, and says nothing about the user.",
  runs: { full: 100, short: 6 },
  open: async () => {
    const folder = await mkdtemp(join(tmpdir(), "aws-mfa-attack-"));
    const bin = join(folder, "bin");
    await mkdir(join(folder, ".aws"));
    await mkdir(bin);
    await writeFile(join(folder, ".aws", "config"), CONFIG);
    await writeFile(join(folder, ".aws", "credentials"), CREDENTIALS);
    await writeFile(join(folder, "aliases.yaml"), ALIAS_BOMB);
    await writeFile(join(folder, "Pulumi.yaml"), "name: any\nruntime: nodejs\n");
    // One that does not end when it is asked to.
    await writeFile(join(bin, "pulumi"), "#!/bin/sh\ntrap '' TERM\nexec sleep 600\n");
    await chmod(join(bin, "pulumi"), 0o755);
    spawnSync("mkfifo", [join(folder, "pipe")]);
    return {
      attack: async (random) => {
        const attack = ATTACKS[random(ATTACKS.length)];
        if (attack === undefined) return;
        const server = attack.server === undefined ? undefined : await hostileServer(attack.server);
        try {
          const ended = await runPlain([...attack.args, "--timeout", "1"], {
            cwd: folder,
            env: {
              HOME: folder,
              PATH: `${bin}:${process.env.PATH}`,
              AWS_EC2_METADATA_DISABLED: "true",
              AWS_MFA_KEYRING: "off",
              ...server?.env,
            },
            ...(attack.args.some((each) => each.startsWith("--code")) && { input: "123456\n" }),
          });
          assertSurvived(attack, ended);
        } finally {
          await server?.close();
        }
      },
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
};

function assertSurvived({ args, server, code, says }: Attack, { code: got, stdout, stderr }: Ended): void {
  const said = `${stdout}\n${stderr}`;
  if (got === code && said.includes(says)) return;
  const where = server === undefined ? "" : ` where AWS should be, something that ${server}`;
  throw new Error(`${args.join(" ")}${where}: expected ${code} and "${says}", got ${got} and ${said.trim()}`);
}
