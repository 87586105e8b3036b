import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { COMMAND } from "../../cli/testing/command";
import { oneOf } from "../random";
import type { AttackClass } from "./class";
import { configHome, PROFILE } from "./config-home";

const BEFORE = `[profile before]\nregion = eu-central-1\n${"# a long file\n".repeat(20_000)}`;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const;

/** How long a run takes at most, in milliseconds. The moment to end it lies within. */
const LONGEST_MS = 900;

export const killed: AttackClass = {
  name: "killed",
  attack:
    "`aws-mfa profile` receives SIGINT, SIGTERM, SIGHUP or SIGKILL at a random moment, and is run again.",
  holds:
    "`~/.aws/config` is complete: unchanged or with the profile. The second run does not wait for a lock, and leaves nothing from the first.",
  runs: { full: 120, short: 4 },
  open: async (folder) => {
    return {
      attack: async (random) => {
        const { home, state, beside } = await configHome(folder, BEFORE);
        const run = (args: readonly string[]) => {
          const child = spawn(process.execPath, [COMMAND, ...args], { env: { HOME: home }, stdio: "ignore" });
          return { child, ended: once(child, "close") };
        };
        const first = run(PROFILE);
        await Promise.race([first.ended, setTimeout(random(LONGEST_MS))]);
        first.child.kill(oneOf(random, SIGNALS));
        await first.ended;
        await state();
        const [code] = await run([...PROFILE, "--yes"]).ended;
        if (code !== 0 || (await state()) !== "new") throw new Error(`the second run ended with ${code}`);
        const left = (await beside()).filter((name) => !name.endsWith(".bak"));
        if (left.length > 0) throw new Error(`there is ${left.join(", ")} afterwards`);
      },
    };
  },
};
