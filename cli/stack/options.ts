import { type Command, Option } from "commander";
import { Failure } from "../failure";
import type { StackChoice } from "./project";

export interface StackOptions {
  readonly stack?: string;
  readonly project: string;
}

/** `--stack` and `--project`, for every command that reads a stack. */
export function withStackOptions(command: Command): Command {
  return command
    .addOption(new Option("-s, --stack <name>", "the Pulumi stack to read"))
    .addOption(new Option("--project <folder>", "the folder of its project").default(".", "this folder"));
}

export function stackChoice({ stack, project }: StackOptions): StackChoice | undefined {
  return stack === undefined ? undefined : { stack, project };
}

/** The stack, for a command that requires one. Throws Failure (`usage`). */
export function requiredStack(options: StackOptions): StackChoice {
  const choice = stackChoice(options);
  if (choice) return choice;
  throw new Failure("usage", "Missing --stack.", "Give --stack NAME. pulumi stack ls lists stacks.");
}
