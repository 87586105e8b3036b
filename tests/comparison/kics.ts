import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { goModule, goTool } from "./go-tool";
import { byCheck } from "./reported";
import type { Check, Tool } from "./tool";

const VERSION = "2.1.16";
const MODULE = "github.com/Checkmarx/kics/v2";

const CHECKS: readonly Check[] = [
  {
    id: "09c35abf-5852-4622-ac7a-b987b331232e",
    title: "Cross-Account IAM Assume Role Policy Without ExternalId or MFA",
    kind: "role",
  },
  { id: "3ddfa124-6407-4845-a501-179f90c65097", title: "Authentication Without MFA", kind: "user" },
];

const report = z.object({
  queries: z.array(z.object({ query_id: z.string(), files: z.array(z.object({ file_name: z.string() })) })),
});

/** https://github.com/Checkmarx/kics */
export const kics: Tool = {
  name: "KICS",
  version: VERSION,
  checks: CHECKS,
  note: "Its role check accepts an external id instead of MFA. Its user check looks at each Allow in a user's own policy and requires `BoolIfExists`, the form that allows access keys.",
  async ask(folder) {
    const command = await goTool("KICS", { module: MODULE, command: "cmd/console", version: VERSION });
    const assets = join(await goModule("KICS", MODULE, VERSION), "assets");
    const output = await mkdtemp(join(tmpdir(), "aws-mfa-kics-"));
    try {
      // Its exit code says whether it found something.
      await execa(
        command,
        [
          ...["scan", "--path", folder, "--type", "Terraform"],
          ...["--queries-path", join(assets, "queries"), "--libraries-path", join(assets, "libraries")],
          ...["--include-queries", CHECKS.map(({ id }) => id).join(",")],
          ...["--ci", "--disable-full-descriptions", "--report-formats", "json", "--output-path", output],
        ],
        { reject: false, env: { DISABLE_CRASH_REPORT: "1" } },
      );
      const { queries } = report.parse(JSON.parse(await readFile(join(output, "results.json"), "utf8")));
      return byCheck(
        queries.flatMap(({ query_id, files }) =>
          files.map(({ file_name }) => ({ check: query_id, file: file_name })),
        ),
      );
    } finally {
      await rm(output, { recursive: true, force: true });
    }
  },
};
