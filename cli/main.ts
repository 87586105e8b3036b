import { Command, CommanderError } from "commander";
import { commands } from "./commands";
import { EXIT, Failure, reasonOf, systemCode } from "./failure";
import { endOnSignals, endWithoutTerminal } from "./interruption";
import { version } from "./package.json";
import { escapeControls, printOnlyVisible, style } from "./terminal/escape-controls";

/** Runs the command line and returns its exit code. Errors are reported on standard error. */
async function run(args: readonly string[]): Promise<number> {
  const program = new Command("aws-mfa")
    .description(
      "For users: from an MFA device to a session in a terminal. For administrators: enroll, replace and offboard " +
        "the users of a stack. For auditors and CI: find who gets in without MFA in an account, a Pulumi state or policy files.",
    )
    .version(version);
  for (const command of await commands(args[0])) program.addCommand(command);
  const names = program.commands.map((command) => command.name());
  prepare(program, "aws-mfa", "aws-mfa COMMAND");
  try {
    assertVisible(args);
    await program.parseAsync(withoutHelpOfNothing(args, names), { from: "user" });
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    return report(error);
  }
}

/** Makes the command and those below it throw instead of exiting, and point to their help. */
function prepare(command: Command, line: string, shown = line): void {
  command.exitOverride().showHelpAfterError(`(see ${shown} --help)`);
  for (const each of command.commands) prepare(each, `${line} ${each.name()}`);
}

/** A name or path has no control characters. A line end in one could forge lines of the output. */
function assertVisible(args: readonly string[]): void {
  const found = args.find((each) => /\p{Cc}/u.test(each));
  if (found === undefined) return;
  throw new Failure(
    "usage",
    `The command line contains a control character: ${escapeControls(found)}`,
    "Remove it.",
  );
}

/** `help WORD` of an unknown command becomes `WORD`: commander would show the general help, as if it were right. */
function withoutHelpOfNothing(args: readonly string[], names: readonly string[]): readonly string[] {
  const word = args[0] === "help" ? args[1] : args[0];
  if (word === undefined || word.startsWith("-") || word === "help" || names.includes(word)) return args;
  return [word];
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (!(error instanceof Failure)) {
    // Without its stack and properties: an error of the SDK may contain a request with its credentials.
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    process.stderr.write(`${style.red("Unexpected error.")}\n${what}\n`);
    return EXIT.failed;
  }
  const { problem, detail, remedy } = error;
  // Indented, so that another program's lines are not taken for this command's.
  const indented = detail?.replaceAll("\n", "\n  ");
  process.stderr.write(`${[style.red(problem), indented, remedy].filter(Boolean).join("\n")}\n`);
  return EXIT[error.exit];
}

// The SDK warns at every start about future Node.js versions. The person who runs this command cannot change that.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

endWithoutTerminal();
endOnSignals();

let unwritten = false;
for (const stream of [process.stdout, process.stderr]) {
  printOnlyVisible(stream);
  stream.on("error", (error) => {
    // The reader, such as head, may have read enough, or the terminal is closed. The work continues.
    if (unwritten || ["EPIPE", "EIO"].includes(systemCode(error) ?? "")) return;
    unwritten = true;
    process.exitCode ||= EXIT.file;
    process.stderr.write(`Cannot write the output: ${reasonOf(error)}.\n`);
  });
}

run(process.argv.slice(2)).then(async (code) => {
  process.exitCode = code || (unwritten ? EXIT.file : EXIT.done);
  // An open connection, such as to a proxy that does not answer, would keep the process alive.
  for (const stream of [process.stdout, process.stderr]) await new Promise((done) => stream.write("", done));
  process.exit();
});
