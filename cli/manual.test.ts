import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { commands, withActions } from "./commands";
import { EXIT } from "./failure";

const COMMANDS = await commands();
const PAGE = readFileSync(join(__dirname, "..", "docs", "cli.md"), "utf8");
/** It has a page of its own. */
const ELSEWHERE = "audit";
/** Has a section of its own. */
const COMMON = "--timeout";

function section(title: string): string {
  const [, after = ""] = `\n${PAGE}`.split(`\n## ${title}\n`);
  return after.split("\n## ")[0] ?? "";
}

const optionsIn = (text: string) => new Set(text.match(/(?<=[`\s])--[a-z][a-z-]+/g) ?? []);
const optionsOf = (command: Command) => {
  const all = withActions(command).flatMap(({ options }) => options.flatMap(({ long }) => long ?? []));
  return [...new Set(all)].filter((long) => long !== COMMON);
};

/** The rows of a section's table, where an option is named because the command has it. */
const rowsOf = (text: string) => text.split("\n").filter((line) => line.startsWith("| `"));

describe("the documentation of the command", () => {
  test("has a section in docs/cli.md for each command, and for no other", () => {
    const sections = [...PAGE.matchAll(/^## `aws-mfa (\w+)`$/gm)].map(([, name]) => name);
    expect(sections.sort()).toEqual(COMMANDS.map((command) => command.name()).sort());
  });

  test.each(
    COMMANDS.filter((command) => command.name() !== ELSEWHERE).map((command) => ({
      name: command.name(),
      command,
    })),
  )("names exactly the options of aws-mfa $name in docs/cli.md", ({ name, command }) => {
    const rows = rowsOf(section(`\`aws-mfa ${name}\``));
    const named = rows.map((row) => row.split("|")[1] ?? "").join("\n");
    expect([...optionsIn(named)].sort()).toEqual(optionsOf(command).sort());
  });

  test("has a section in docs/cli.md for --timeout, which every command has", () => {
    expect(section("Timeouts")).toContain(`\`${COMMON}`);
    for (const command of COMMANDS.flatMap(withActions))
      expect(command.options.map(({ long }) => long)).toContain(COMMON);
  });

  test.each(COMMANDS.map((command) => ({ name: command.name(), command })))(
    "has examples with valid options in the help of aws-mfa $name",
    ({ command }) => {
      let help = "";
      command
        .configureOutput({
          writeOut: (text) => {
            help += text;
          },
        })
        .outputHelp();
      const [, examples = ""] = help.split("\nExamples:\n");
      const lines = examples.split("\n").filter(Boolean);
      expect(lines).not.toEqual([]);
      for (const line of lines) {
        const [, words = ""] = line.split(`aws-mfa ${command.name()}`);
        const [action, ...rest] = (words.split(/ [>|]|\)/)[0] ?? "").split(" ").filter(Boolean);
        const below = command.commands.find((each) => each.name() === action);
        const { unknown } = (below ?? command).parseOptions(below ? rest : [action ?? "", ...rest]);
        expect({ line, unknown }).toEqual({ line, unknown: [] });
      }
    },
  );

  test("names exactly the exit codes in docs/cli.md", () => {
    const named = [...section("Exit codes").matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(named).toEqual([...new Set(Object.values(EXIT))].sort((a, b) => a - b));
  });
});
