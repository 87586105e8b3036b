import { createTwoFilesPatch } from "diff";
import { profileSection, sectionLines, withProfile } from "../aws-config/edit";
import { edited, withConfigFile } from "../aws-config/file";
import { parseIni } from "../aws-config/ini";
import { Failure, Interrupted } from "../failure";
import { askYes } from "../terminal/ask";
import { style } from "../terminal/escape-controls";
import { withTerminal } from "../terminal/terminal";
import type { Profile } from "./settings";

interface Change {
  readonly name: string;
  /** Empty for a new profile. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * Writes the profiles into the configuration file: all or none. If an existing one differs, this shows a diff and, unless `yes`, asks.
 *
 * @throws Failure (`file`) if the AWS CLI rejects the file, (`terminal`) if nobody can be asked, (`failed`) if the answer is no
 */
export function writeProfiles(path: string, profiles: readonly Profile[], yes: boolean): Promise<void> {
  return withConfigFile(path, async (file) => {
    const { text, changes } = planned(path, file.text, profiles);
    if (changes.length === 0) {
      process.stdout.write(`${path} already contains ${names(profiles)}.\n`);
      return;
    }
    const differing = changes.filter(({ before }) => before.length > 0);
    if (differing.length > 0) {
      process.stderr.write(differing.map((change) => diff(path, change)).join("\n"));
      if (!yes) await confirm(differing);
    }
    const backup = await file.replace(text);
    process.stdout.write(`Wrote ${names(changes)} to ${path}.\n`);
    if (backup) process.stdout.write(`The previous version is in ${backup}.\n`);
  });
}

/** The profiles as text for a configuration file. */
export function profileText(profiles: readonly Profile[]): string {
  return profiles.reduce((text, { name, wanted }) => withProfile(text, name, wanted), "");
}

function planned(path: string, before: string, profiles: readonly Profile[]) {
  return edited(path, () => {
    const changes: Change[] = [];
    let text = before;
    for (const { name, wanted } of profiles) {
      const next = withProfile(text, name, wanted);
      if (next !== text) changes.push({ name, before: linesOf(text, name), after: linesOf(next, name) });
      text = next;
    }
    return { text, changes };
  });
}

async function confirm(changes: readonly Change[]): Promise<void> {
  const instead = "Use --yes to apply the change, or --name for another profile. Nothing was written.";
  const yes = await withTerminal(instead, (terminal) => askYes(terminal, `Change ${names(changes)}?`)).catch(
    (error) => {
      throw error instanceof Interrupted ? new Interrupted("Nothing was written.") : error;
    },
  );
  if (!yes)
    throw new Failure("failed", "Nothing was written.", "To keep both, choose another name with --name.");
}

function linesOf(text: string, name: string): string[] {
  const ini = parseIni(text);
  const section = profileSection(ini, name);
  return section ? sectionLines(ini, section) : [];
}

function diff(path: string, { name, before, after }: Change): string {
  const [old, next] = [before, after].map((lines) => lines.map(hidden).join(""));
  const patch = createTwoFilesPatch(path, path, `${old}`, `${next}`, "before", `with ${name}`);
  return patch
    .split("\n")
    .slice(1)
    .map((line) => {
      if (!process.stderr.isTTY) return line;
      if (line.startsWith("-")) return style.red(line);
      return line.startsWith("+") ? style.green(line) : line;
    })
    .join("\n");
}

/** Without the secrets of access keys. */
function hidden(line: string): string {
  return line.replace(/^(\s*aws_(?:secret_access_key|session_token)\s*[=:]).*?(\r?\n?)$/i, "$1 (hidden)$2");
}

function names(profiles: readonly { readonly name: string }[]): string {
  const all = profiles.map(({ name }) => name).join(", ");
  return profiles.length === 1 ? `the profile ${all}` : `the profiles ${all}`;
}
