import type { Command, Option } from "commander";

/** A word that may stand there, and what it means; empty where its name says all. */
export interface Candidate {
  readonly word: string;
  readonly meaning: string;
}

/** What words complete that are no command's or option's name. */
export interface Names {
  readonly profiles: () => Promise<readonly string[]>;
  readonly shells: readonly string[];
}

/**
 * What may stand in place of the last of the words of a command line, of which the first is the command. None where a file, or
 * anything else, is expected there.
 */
export async function candidates(
  commands: readonly Command[],
  words: readonly string[],
  names: Names,
): Promise<readonly Candidate[]> {
  const current = words.at(-1) ?? "";
  const all = await anyCandidates(commands, words.slice(0, -1), current.startsWith("-"), names);
  return all.filter(({ word }) => word.startsWith(current));
}

async function anyCandidates(
  commands: readonly Command[],
  [name, ...given]: readonly string[],
  optionsWanted: boolean,
  names: Names,
): Promise<readonly Candidate[]> {
  if (name === undefined) return commands.map((each) => ({ word: each.name(), meaning: each.summary() }));
  const command = commands.find((each) => each.name() === name);
  if (command === undefined || given.includes("--")) return [];
  if (command.commands.length > 0) return anyCandidates(command.commands, given, optionsWanted, names);
  const optionOf = (word: string | undefined) =>
    command.options.find(({ short, long }) => word !== undefined && [short, long].includes(word));
  const before = optionOf(given.at(-1));
  if (before && takesValue(before)) return valuesOf(before, names);
  if (optionsWanted) {
    return command.options.flatMap(({ long, description }) =>
      long ? { word: long, meaning: description } : [],
    );
  }
  const positional = given.filter((word, at) => {
    const option = optionOf(given[at - 1]);
    return !word.startsWith("-") && !(option && takesValue(option));
  });
  const argument = command.registeredArguments[positional.length]?.name();
  if (argument === "profile") return plain(await names.profiles());
  return argument === "shell" ? plain(names.shells) : [];
}

const takesValue = ({ required, optional }: Option): boolean => required || optional;

async function valuesOf(option: Option, { profiles }: Names): Promise<readonly Candidate[]> {
  if (option.argChoices) return plain(option.argChoices);
  return option.long === "--profile" || option.long === "--source-profile" ? plain(await profiles()) : [];
}

const plain = (words: readonly string[]): readonly Candidate[] =>
  words.map((word) => ({ word, meaning: "" }));
