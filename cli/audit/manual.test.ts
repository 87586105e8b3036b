import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { auditCommand } from "./command";

test("docs/audit.md names every option, and none that the command does not have", () => {
  const page = readFileSync(join(__dirname, "..", "..", "docs", "audit.md"), "utf8");
  const named = new Set(page.match(/(?<=[`\s])--[a-z][a-z-]+/g) ?? []);
  // Those are Pulumi's and the AWS CLI's.
  const pulumi = ["--json", "--policy-pack-config", "--show-sames", "--show-secrets"];
  for (const other of [...pulumi, "--all-users", "--user-name"]) named.delete(other);
  const options = auditCommand().options.flatMap(({ long }) => long ?? []);
  expect([...named].sort()).toEqual([...options].sort());
});
