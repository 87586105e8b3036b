import { Command, CommanderError } from "commander";
import { commands } from "./commands";
import { EXIT, Failure, reasonOf, systemCode } from "./failure";
import { endOnSignals, endWithoutTerminal } from "./interruption";
import { version } from "./package.json";
import { escapeControls, printOnlyVisible, style } from "./terminal/escape-controls";

/** Runs the command line and gives its exit code. Whatever goes wrong is said on standard error. */
async function run(args: readonly string[]): Promise<number> {
  const program = new Command("aws-mfa")
    .description(
      "For users: from an MFA device to a session in a terminal. For administrators: enroll, replace and offboard " +
        "the users of a stack. For auditors and CI: find who gets in without MFA in an account, a Pulumi state or policy files.",
    )
    .version(version)
    .showHelpAfterError("(see aws-mfa COMMAND --help)");
  for (const command of await commands(args[0])) program.addCommand(command);
  const all = program.commands.flatMap((command) => [command, ...command.commands]);
  for (const command of all) {
    const above = command.parent === program ? "" : `${command.parent?.name()} `;
    command.showHelpAfterError(`(see aws-mfa ${above}${command.name()} --help)`);
  }
  for (const command of [program, ...all]) command.exitOverride();
  const names = program.commands.map((command) => command.name());
  try {
    assertVisible(args);
    await program.parseAsync(withoutHelpOfNothing(args, names), { from: "user" });
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    return explain(error);
  }
}

/** No name or path has a control character by intent, and one that is a line end would fake lines in what is printed. */
function assertVisible(args: readonly string[]): void {
  const found = args.find((each) => /\p{Cc}/u.test(each));
  if (found === undefined) return;
  throw new Failure(
    "usage",
    `The command line contains a control character: ${escapeControls(found)}`,
    "Remove it.",
  );
}

/** Asked for the help of a word that is no command, commander would show the general help as if it were right. */
function withoutHelpOfNothing(args: readonly string[], names: readonly string[]): readonly string[] {
  const word = args[0] === "help" ? args[1] : args[0];
  if (word === undefined || word.startsWith("-") || word === "help" || names.includes(word)) return args;
  return [word];
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (!(error instanceof Failure)) {
    // Without the stack trace and what else hangs on the error: an SDK's may hold a request with its credentials.
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    process.stderr.write(`${style.red("Unexpected error.")}\n${what}\n`);
    return EXIT.failed;
  }
  const { problem, detail, remedy } = error;
  // What others say stands in from the margin, so that none of its lines passes for one of this command's.
  const said = detail?.replaceAll("\n", "\n  ");
  process.stderr.write(`${[style.red(problem), said, remedy].filter(Boolean).join("\n")}\n`);
  return EXIT[error.exit];
}

// The SDK announces on every start which Node it will want next year. Whoever runs this cannot do anything about it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

endWithoutTerminal();
endOnSignals();

let unwritten = false;
for (const stream of [process.stdout, process.stderr]) {
  printOnlyVisible(stream);
  stream.on("error", (error) => {
    // Whoever reads the output may have enough of it, such as head, or the terminal is gone. The work goes on to its end all the same.
    if (unwritten || ["EPIPE", "EIO"].includes(systemCode(error) ?? "")) return;
    unwritten = true;
    process.exitCode ||= EXIT.file;
    process.stderr.write(`Cannot write the output: ${reasonOf(error)}.\n`);
  });
}

run(process.argv.slice(2)).then(async (code) => {
  process.exitCode = code || (unwritten ? EXIT.file : EXIT.done);
  // A connection that nobody answers, such as to a proxy, would keep the process for as long as it likes.
  for (const stream of [process.stdout, process.stderr]) await new Promise((done) => stream.write("", done));
  process.exit();
});
