import { Command } from "commander";
import { z } from "zod";
import { profileName } from "../aws/names";
import { checked } from "../profile/flags";

export function execCommand(): Command {
  return new Command("exec")
    .summary("run a command with a session in its environment")
    .description(
      "Gets a session from PROFILE, asks for a code if the profile needs one, and runs COMMAND with it. For programs that " +
        "cannot read profiles or ask for a code. The exit code is that of COMMAND.",
    )
    .argument("<profile>", "the profile that assumes the role")
    .argument("<command...>", "the command and its arguments, after --")
    .action(async (given: string, [command = "", ...args]: readonly string[]) => {
      const { profile } = checked(z.object({ profile: profileName }), { profile: given });
      const { exitCodeOf, sessionEnvironment } = await import("./exec.js");
      process.exitCode = await exitCodeOf(command, args, await sessionEnvironment(profile));
    });
}
