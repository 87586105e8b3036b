import { Command, Option } from "commander";
import type { Report } from "../audit/report";
import { EXIT, Failure } from "../failure";

const FORMATS = ["table", "markdown", "sarif", "junit", "json"] as const;

interface Options {
  readonly format: (typeof FORMATS)[number];
  readonly file?: string;
}

/** The name of the project's policy pack, as the engine's events have it. */
const PACK = "aws-mfa";

export function findingsCommand(): Command {
  return new Command("findings")
    .summary("what the policy pack found in a preview, for a job's summary, code scanning or a test report")
    .description(
      "Reads the events that PULUMI_DEBUG_COMMANDS=true pulumi preview --policy-pack … --event-log EVENTLOG wrote, or what " +
        "pulumi policy analyze --policy-pack … --json printed, and says what the policy pack found and what passed. Ends with 0 where " +
        "the pack saw the whole stack, whatever it found, and with 2 where it did not: pulumi itself fails where a mandatory policy " +
        "is violated.",
    )
    .argument("<eventlog>", "the file, or - for standard input")
    .addOption(new Option("--format <form>", "how to print it").choices(FORMATS).default("table"))
    .option(
      "--file <path>",
      "the file of the repository that code scanning shows the findings at",
      "Pulumi.yaml",
    )
    .action(async (path: string, { format, file }: Options) => {
      const [{ readPolicyEvents }, { placeOf }] = await Promise.all([
        import("./event-log.js"),
        import("./report.js"),
      ]);
      const events = await readPolicyEvents(path, PACK);
      if (events.asked === "nowhere") {
        throw new Failure(
          "unseen",
          `The policy pack ${PACK} was not asked, so nothing is known of the stack.`,
          "Give pulumi --policy-pack with the pack's folder, and look whether pulumi itself failed.",
        );
      }
      const place = placeOf(events, file);
      const report: Report = { version: 1, madeAt: new Date().toISOString(), places: [place] };
      process.stdout.write(`${(await rendered(report, format)).trimEnd()}\n`);
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
      return (await import("../audit/table.js")).tableOf(report, {
        columns: process.stdout.columns,
        all: true,
      });
    case "json":
      return JSON.stringify(report, undefined, 2);
    case "markdown":
      return (await import("../audit/render/markdown.js")).markdown(report);
    case "sarif":
      return (await import("../audit/render/sarif.js")).sarif(report);
    case "junit":
      return (await import("../audit/render/junit.js")).junit(report, "findings");
  }
}
