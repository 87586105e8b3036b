import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { COMMAND } from "../../cli/testing/command";
import { openFixture, STACK } from "../../cli/testing/fixture";
import { type PtySession, spawnOnPty } from "../../cli/testing/pty";
import { oneOf } from "../random";
import type { AttackClass } from "./class";

const DIFFERENT = "[profile mfabasedaccess]\nrole_arn = arn:old\n";

/** Whoever starts the command: it gets the signal itself, or a shell keeps it away and only the terminal is gone. */
const SHELLS = ['exec "$0" "$@"', 'trap "" HUP; "$0" "$@"; exit $?'] as const;

interface Prompt {
  readonly args: readonly string[];
  readonly question: string;
  /** Goes on to a later question. */
  readonly before?: (sitting: PtySession) => Promise<void>;
}

export const closedTerminal: AttackClass = {
  name: "closed-terminal",
  attack:
    "The terminal is closed at a question of `enroll`, `profile`, `session` or `offboard`, with or without SIGHUP.",
  holds:
    "The command ends as by SIGHUP, and never by an abort of Node, whose core dump would hold secrets. No lock is left, and `~/.aws/config` is as it was.",
  runs: { full: 40, short: 4 },
  open: async () => {
    const stage = await openFixture({ "aws-mfa-stack:users": ["alice"] });
    const { keys } = await stage.member("alice");
    const ofStack = ["alice", "--stack", STACK, "--project", stage.stack.folder];
    const firstCode = { args: ["enroll", ...ofStack], question: "The code that the app shows:" };
    const prompts: readonly [Prompt, ...Prompt[]] = [
      { args: ["profile", ...ofStack], question: "Change the profile" },
      { args: ["session", "--mfa-serial", "arn:aws:iam::111122223333:mfa/any"], question: "MFA code for" },
      { args: ["offboard", ...ofStack], question: "as the plan says?" },
      firstCode,
      {
        ...firstCode,
        question: "The next one",
        before: async (sitting) => {
          await sitting.sees(firstCode.question);
          sitting.answers("123456");
        },
      },
    ];
    return {
      attack: async (random) => {
        const { args, question, before } = oneOf(random, prompts);
        const { home, env } = await stage.member("alice", keys);
        const config = join(home, ".aws", "config");
        await writeFile(config, DIFFERENT);
        const error = join(home, "error");
        const script = `ulimit -c 0; exec 2>"${error}"; ${oneOf(random, SHELLS)}`;
        const administrator = args[0] === "session" ? {} : stage.administrator;
        const sitting = spawnOnPty("/bin/sh", ["-c", script, process.execPath, COMMAND, ...args], {
          env: { ...env, ...administrator, HOME: home, XDG_CACHE_HOME: env.XDG_CACHE_HOME ?? "" },
        });
        await before?.(sitting);
        await sitting.sees(question);
        if (random(2) === 0) sitting.presses("12");
        await setTimeout(random(100));
        sitting.closes();
        const code = await sitting.ends();
        const said = await readFile(error, "utf8");
        if (code !== 129 || /Assertion|node:/.test(said))
          throw new Error(`${args[0]} ended with ${code}: ${said}`);
        const locks = (await readdir(home, { recursive: true })).filter((name) => name.endsWith(".lock"));
        if (locks.length > 0) throw new Error(`${args[0]} left ${locks.join(", ")}`);
        if ((await readFile(config, "utf8")) !== DIFFERENT) throw new Error(`${args[0]} changed ${config}`);
      },
      close: () => stage.close(),
    };
  },
};
