import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { goTool } from "./go-tool";
import { byCheck } from "./reported";
import type { Tool } from "./tool";

const VERSION = "0.74.0";

const report = z.object({
  Results: z.array(
    z.object({
      Target: z.string(),
      Misconfigurations: z.array(z.object({ ID: z.string() })).optional(),
    }),
  ),
});

/** https://github.com/aquasecurity/trivy */
export const trivy: Tool = {
  name: "Trivy",
  version: VERSION,
  checks: [{ id: "AWS-0123", title: "IAM groups should have MFA enforcement activated", kind: "group" }],
  note: "The built-in checks. It reports a group if none of its policies has a condition on the key `aws:MultiFactorAuthPresent`, whatever the condition says.",
  async ask(folder) {
    const source = { module: "github.com/aquasecurity/trivy", command: "cmd/trivy", version: VERSION };
    const command = await goTool("Trivy", source, { GOEXPERIMENT: "jsonv2" });
    const { stdout } = await execa(
      command,
      ["config", "--skip-check-update", "--quiet", "--format", "json", join(folder, "group")],
      { maxBuffer: 100_000_000 },
    );
    const { Results } = report.parse(JSON.parse(stdout));
    return byCheck(
      Results.flatMap(({ Target, Misconfigurations = [] }) =>
        Misconfigurations.map(({ ID }) => ({ check: ID, file: join(folder, "group", Target) })),
      ),
    );
  },
};
