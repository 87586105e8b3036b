import { Command, Option } from "commander";
import type { Report } from "../audit/report";
import { EXIT, Failure } from "../failure";
import { asIs } from "../terminal/escape-controls";
import { outputWidth } from "../terminal/wrap";

const FORMATS = ["table", "markdown", "sarif", "junit", "json"] as const;

interface Options {
  readonly format: (typeof FORMATS)[number];
  readonly file?: string;
}

/** The name of the project's policy pack, as the engine's events have it. */
const PACK = "aws-mfa";

export function findingsCommand(): Command {
  return new Command("findings")
    .summary("report a preview's policy violations as a job summary, SARIF or JUnit")
    .description(
      "Reads the events that PULUMI_DEBUG_COMMANDS=true pulumi preview --policy-pack … --event-log EVENTLOG wrote, or the output of " +
        "pulumi policy analyze --policy-pack … --json, and reports what the policy pack found and what passed. Exit code 0: " +
        "the pack evaluated the whole stack, whatever it found; 2: it did not. pulumi itself fails when a mandatory policy " +
        "is violated.",
    )
    .argument("<eventlog>", "the file, or - for standard input")
    .addOption(new Option("--format <form>", "the output format").choices(FORMATS).default("table"))
    .option("--file <path>", "the file that code scanning shows the results in", "Pulumi.yaml")
    .action(async (path: string, { format, file }: Options) => {
      const [{ readPolicyEvents }, { placeOf }] = await Promise.all([
        import("./event-log.js"),
        import("./report.js"),
      ]);
      const events = await readPolicyEvents(path, PACK);
      if (events.coverage === "none") {
        throw new Failure(
          "unseen",
          `The policy pack ${PACK} did not run, so nothing is known about the stack.`,
          "Run pulumi with --policy-pack and the pack's folder, and check whether pulumi itself failed.",
        );
      }
      const place = placeOf(events, file);
      const report: Report = { version: 1, madeAt: new Date().toISOString(), places: [place] };
      const text = `${(await rendered(report, format)).trimEnd()}\n`;
      process.stdout.write(format === "table" ? text : asIs(text));
      if (events.ofOtherPacks > 0) {
        process.stderr.write(
          `Other policy packs reported ${events.ofOtherPacks} more: pulumi preview shows them.\n`,
        );
      }
      process.exitCode = place.trouble === undefined ? EXIT.done : EXIT.unseen;
    });
}

async function rendered(report: Report, format: Options["format"]): Promise<string> {
  switch (format) {
    case "table":
      return (await import("../audit/render/table.js")).tableOf(report, {
        columns: outputWidth(),
        all: true,
      });
    case "json":
      return JSON.stringify((await import("../audit/render/not-looked-at.js")).inJson(report), undefined, 2);
    case "markdown":
      return (await import("../audit/render/markdown.js")).markdown(report);
    case "sarif":
      return (await import("../audit/render/sarif.js")).sarif(report);
    case "junit":
      return (await import("../audit/render/junit.js")).junit(report, "findings");
  }
}
