import type { Command, Option } from "commander";

/** A completion, and its description, which may be empty. */
export interface Candidate {
  readonly word: string;
  readonly meaning: string;
}

/** The values of arguments and options by their names, such as the profiles for `profile`. */
export type Values = Readonly<Record<string, () => Promise<readonly string[]>>>;

/**
 * The completions of the last word of a command line without its `aws-mfa`. None if that word is a file name, or any other text.
 */
export async function candidates(
  commands: readonly Command[],
  words: readonly string[],
  values: Values,
): Promise<readonly Candidate[]> {
  const current = words.at(-1) ?? "";
  const all = await anyCandidates(commands, words.slice(0, -1), current.startsWith("-"), values);
  return all.filter(({ word }) => word.startsWith(current));
}

async function anyCandidates(
  commands: readonly Command[],
  [name, ...given]: readonly string[],
  isOption: boolean,
  values: Values,
): Promise<readonly Candidate[]> {
  if (name === undefined) return commands.map((each) => ({ word: each.name(), meaning: each.summary() }));
  const command = commands.find((each) => each.name() === name);
  if (command === undefined || given.includes("--")) return [];
  if (command.commands.length > 0) return anyCandidates(command.commands, given, isOption, values);
  const withValue = (word: string | undefined) =>
    command.options.find(
      (option) => word !== undefined && [option.short, option.long].includes(word) && takesValue(option),
    );
  const valuesOf = async (what: string, choices?: readonly string[]) =>
    (choices ?? (await values[what]?.()) ?? []).map((word) => ({ word, meaning: "" }));
  const before = withValue(given.at(-1));
  if (before) return valuesOf(before.attributeName(), before.argChoices);
  if (isOption) {
    return command.options.flatMap(({ long, description }) =>
      long ? { word: long, meaning: description } : [],
    );
  }
  const position = given.filter((word, at) => !word.startsWith("-") && !withValue(given[at - 1])).length;
  return valuesOf(command.registeredArguments[position]?.name() ?? "");
}

const takesValue = ({ required, optional }: Option): boolean => required || optional;
