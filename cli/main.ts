import { Command, CommanderError } from "commander";
import pc from "picocolors";
import { commands } from "./commands";
import { EXIT, Failure, systemCode } from "./failure";
import { endOnSignals, endWithoutTerminal } from "./interruption";

/** Runs the command line and gives its exit code. Whatever goes wrong is said on standard error. */
async function run(args: readonly string[]): Promise<number> {
  const program = new Command("aws-mfa")
    .description(
      "For users: from an MFA device to a working session in a terminal. For administrators: enrols, replaces and offboards " +
        "the users of a stack. For auditors and CI: finds who gets in without MFA, in an account, a state or policy files.",
    )
    .version(require("../package.json").version)
    .showHelpAfterError("(aws-mfa COMMAND --help says what is allowed)");
  for (const command of commands()) program.addCommand(command);
  for (const command of program.commands) {
    command.showHelpAfterError(`(aws-mfa ${command.name()} --help says what is allowed)`);
  }
  for (const command of [program, ...program.commands]) command.exitOverride();
  const names = program.commands.map((command) => command.name());
  try {
    await program.parseAsync(withoutHelpOfNothing(args, names), { from: "user" });
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    return explain(error);
  }
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
    process.stderr.write(`${pc.red("Something unforeseen happened.")}\n${what}\n`);
    return EXIT.failed;
  }
  const { problem, detail, remedy } = error;
  process.stderr.write(`${[pc.red(problem), detail, remedy].filter(Boolean).join("\n")}\n`);
  return EXIT[error.exit];
}

// The SDK announces on every start which Node it will want next year. Whoever runs this cannot do anything about it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

endWithoutTerminal();
endOnSignals();

// Whoever reads the output may have enough of it, such as head. The work goes on to its end all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error) => {
    if (systemCode(error) !== "EPIPE") throw error;
  });
}

run(process.argv.slice(2)).then(async (code) => {
  process.exitCode = code;
  // A connection that nobody answers, such as to a proxy, would keep the process for as long as it likes.
  for (const stream of [process.stdout, process.stderr]) await new Promise((done) => stream.write("", done));
  process.exit();
});
