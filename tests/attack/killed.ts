import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { COMMAND } from "../../cli/rehearsal/command";
import type { AttackClass } from "./class";

const ARN = "arn:aws:iam::111122223333:";
const ARGS = [
  "profile",
  "--role-arn",
  `${ARN}role/any`,
  "--mfa-serial",
  `${ARN}mfa/any`,
  "--region",
  "eu-central-1",
];
const BEFORE = `[profile before]\nregion = eu-central-1\n${"# a long file\n".repeat(20_000)}`;

/** How long a run takes at most, in milliseconds. The moment to end it lies within. */
const LONGEST_MS = 600;

export const killed: AttackClass = {
  name: "killed",
  attack: "`aws-mfa profile` is killed at any moment.",
  holds: "`~/.aws/config` is whole: as it was, or with the profile.",
  runs: { full: 100, short: 4 },
  open: async () => {
    const folder = await mkdtemp(join(tmpdir(), "aws-mfa-attack-"));
    return {
      attack: async (random) => {
        const home = await mkdtemp(join(folder, "home-"));
        await mkdir(join(home, ".aws"));
        const config = join(home, ".aws", "config");
        await writeFile(config, BEFORE);
        const child = spawn(process.execPath, [COMMAND, ...ARGS], { env: { HOME: home }, stdio: "ignore" });
        const ended = once(child, "close");
        await Promise.race([ended, setTimeout(random(LONGEST_MS))]);
        child.kill("SIGKILL");
        await ended;
        const after = await readFile(config, "utf8");
        if (after !== BEFORE && !(after.startsWith(BEFORE) && after.includes("region = eu-central-1\n"))) {
          throw new Error(
            `the file has ${after.length} characters, which is neither the old nor the new one`,
          );
        }
      },
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
};
