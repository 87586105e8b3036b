import { chmod, mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { COMMAND } from "../../cli/testing/command";
import type { Random } from "../random";
import type { AttackClass } from "./class";
import { configHome, PROFILE } from "./config-home";

/** A policy document whose report is long. */
const DOCUMENT = JSON.stringify({
  Version: "2012-10-17",
  Statement: Array.from({ length: 20 }, (_, index) => ({
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${111122223333 + index}:root` },
    Action: "sts:AssumeRole",
  })),
});

/** The shell counts in blocks of 512 bytes. */
const BLOCK = 512;

export const fullDisk: AttackClass = {
  name: "full-disk",
  attack:
    "The disk accepts only some bytes of `~/.aws/config` or of an `aws-mfa audit` report (a file size limit: one write is partial, the next one fails).",
  holds:
    "The file is unchanged or complete. A failed write is reported, with a nonzero exit code. No other file is left, and a new report has mode 0600 whatever the umask.",
  runs: { full: 60, short: 4 },
  open: async (folder) => {
    const document = join(folder, "trust.json");
    await writeFile(document, DOCUMENT);
    const limited = (blocks: number, umask: string, env: Record<string, string>, args: readonly string[]) =>
      execa(
        "/bin/sh",
        [
          "-c",
          'ulimit -f "$0"; umask "$1"; shift; exec "$@"',
          String(blocks),
          umask,
          process.execPath,
          COMMAND,
          ...args,
        ],
        {
          env,
          extendEnv: false,
          reject: false,
        },
      );
    const umaskOf = (random: Random) => ["022", "000", "277"][random(3)] ?? "022";

    async function config(random: Random): Promise<void> {
      const before = `[default]\nregion = eu-central-1\n${"# a comment\n".repeat(random(4000))}`;
      const { home, state, beside } = await configHome(folder, before);
      const blocks = random(Math.ceil((before.length + 2 * BLOCK) / BLOCK));
      const { exitCode, stderr } = await limited(blocks, umaskOf(random), { HOME: home }, PROFILE);
      const expected = exitCode === 0 ? "new" : "old";
      if ((await state()) !== expected)
        throw new Error(`it ended with ${exitCode}, and the file is not the ${expected} one`);
      if (exitCode === 0) return;
      if (!stderr.includes("EFBIG")) throw new Error(`it says: ${stderr}`);
      const left = await beside();
      if (left.length > 0) throw new Error(`there is ${left.join(", ")} beside it`);
    }

    async function report(random: Random): Promise<void> {
      const path = join(await mkdtemp(join(folder, "report-")), "report");
      const option = ["--html", "--output"][random(2)] ?? "";
      const there = random(2) === 0;
      if (there) {
        await writeFile(path, "before");
        await chmod(path, 0o640);
      }
      const { exitCode, stderr } = await limited(random(1500), umaskOf(random), { HOME: folder }, [
        "audit",
        document,
        "--format",
        "json",
        option,
        path,
      ]);
      const text = await readFile(path, "utf8").catch(() => undefined);
      if (exitCode === 1) {
        const mode = (await stat(path)).mode & 0o777;
        if (mode !== (there ? 0o640 : 0o600)) throw new Error(`its mode is ${mode.toString(8)}`);
        if (!/(<\/html>|\})\s*$/.test(text ?? ""))
          throw new Error(`it ended with 1, and ${option} has not all`);
      } else if (exitCode !== 2 || !stderr.includes("EFBIG") || text !== (there ? "before" : undefined)) {
        throw new Error(`it ended with ${exitCode}: ${stderr}; ${option} has ${text?.length} characters`);
      }
    }

    return {
      attack: (random) => (random(2) === 0 ? config(random) : report(random)),
    };
  },
};
