import type { Command } from "commander";
import { timeoutOption } from "./patience";

/** Each command, in the order of the help. What is heavy is loaded by the action of the one that is run. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  enroll: async () => (await import("./enroll/command.js")).enrollCommand(),
  profile: async () => (await import("./profile/command.js")).profileCommand(),
  verify: async () => (await import("./verify/command.js")).verifyCommand(),
  session: async () => (await import("./session/command.js")).sessionCommand(),
  status: async () => (await import("./status/command.js")).statusCommand(),
  replace: async () => (await import("./replace/command.js")).replaceCommand(),
  offboard: async () => (await import("./offboard/command.js")).offboardCommand(),
  audit: async () => (await import("./audit/command.js")).auditCommand(),
  findings: async () => (await import("./findings/command.js")).findingsCommand(),
};

/** The command of that name alone; all of them where there is none of it, for the help and for the nearest name. */
export async function commands(name?: string): Promise<Command[]> {
  const loaded = Object.entries(COMMANDS).filter(([each]) => each === name);
  const wanted = loaded.length > 0 ? loaded : Object.entries(COMMANDS);
  const made = await Promise.all(wanted.map(([, load]) => load()));
  return made.map((command) => command.addOption(timeoutOption()));
}
