import { Command, CommanderError } from "commander";
import pc from "picocolors";
import { commands } from "./commands";
import { EXIT, Failure, systemCode } from "./failure";
import { endOnSignals } from "./interruption";

/** Runs the command line and gives its exit code. Whatever goes wrong is said on standard error. */
async function run(args: readonly string[]): Promise<number> {
  const program = new Command("aws-mfa")
    .description("From an MFA device that the stack made to a working session in a terminal.")
    .version(require("../package.json").version)
    .showHelpAfterError("(aws-mfa COMMAND --help says what is allowed)");
  for (const command of commands()) program.addCommand(command);
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync(args, { from: "user" });
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    return explain(error);
  }
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

endOnSignals();

// Whoever reads the output may have enough of it, such as head. The work goes on to its end all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error) => {
    if (systemCode(error) !== "EPIPE") throw error;
  });
}

run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
