import { Command } from "commander";
import { PROFILE_NAME } from "../aws/patterns";
import { profileName } from "../aws-config/edit";
import { readConfigText } from "../aws-config/file";
import { parseIni } from "../aws-config/ini";
import { configFile } from "../aws-config/location";
import { Failure } from "../failure";
import { asIs } from "../terminal/escape-controls";
import { candidates } from "./candidates";
import { SCRIPTS } from "./scripts";

const SHELLS = Object.keys(SCRIPTS);

/** @param commands all commands, including this one */
export function completionCommand(commands: () => Promise<readonly Command[]>): Command {
  return new Command("completion")
    .summary("complete commands, options and profiles with Tab")
    .description(
      "Prints the script that makes SHELL complete the commands, options and profiles of aws-mfa with Tab.",
    )
    .argument("[shell...]", `your shell: ${SHELLS.join(", ")}`)
    .option("--words", "used by that script: print what completes the last word after --")
    .action(async (given: readonly string[], { words }: { readonly words?: boolean }) => {
      process.stdout.write(asIs(words ? await lines(await commands(), given) : script(given)));
    });
}

function script([shell = "nothing", ...more]: readonly string[]): string {
  const found = Object.entries(SCRIPTS).find(([name]) => name === shell);
  if (found && more.length === 0) return found[1];
  throw new Failure(
    "usage",
    `Expected one shell (${SHELLS.join(", ")}), got ${[shell, ...more].join(" ")}.`,
    "In bash: source <(aws-mfa completion bash)",
  );
}

async function lines(commands: readonly Command[], words: readonly string[]): Promise<string> {
  const values = { profile: profiles, sourceProfile: profiles, shell: async () => SHELLS };
  const found = await candidates(commands, words, values);
  return found.map(({ word, meaning }) => `${word}\t${meaning}\n`).join("");
}

/** The profiles in the configuration file whose names are valid here. */
async function profiles(): Promise<readonly string[]> {
  const { sections } = parseIni(await readConfigText(configFile()));
  return sections
    .flatMap(({ header }) => profileName(header) ?? [])
    .filter((name) => PROFILE_NAME.test(name));
}
