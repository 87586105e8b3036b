import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { reason, Unavailable } from "../../local/unavailable";
import { type Answers, documentsOf } from "./answers";
import { checkov } from "./checkov";
import { kics } from "./kics";
import { comparisonPage } from "./page";
import { terraform } from "./terraform";
import type { Tool } from "./tool";
import { trivy } from "./trivy";

// `npm run compare`: asks the other tools and writes docs/comparison.md.

const TOOLS: readonly Tool[] = [checkov, trivy, kics];
const PAGE = resolve(__dirname, "../../docs/comparison.md");

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "aws-mfa-compare-"));
  const answers: Answers[] = [];
  const missing: { readonly tool: Tool; readonly why: string }[] = [];
  try {
    for (const kind of ["role", "group", "user"] as const) {
      for (const entry of documentsOf(kind)) {
        await mkdir(join(folder, kind, entry.id), { recursive: true });
        await writeFile(join(folder, kind, entry.id, "main.tf"), terraform(kind, entry));
      }
    }
    for (const tool of TOOLS) {
      try {
        const found = await tool.ask(folder);
        for (const check of tool.checks)
          answers.push({ tool, check, reported: found.get(check.id) ?? new Set() });
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        missing.push({ tool, why: reason(error) });
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (missing.length > 0) {
    for (const { tool, why } of missing)
      process.stderr.write(`${tool.name} ${tool.version} could not be asked: ${why}\n`);
    process.stderr.write("docs/comparison.md is left as it is: it is written when all tools answered.\n");
    process.exitCode = 1;
    return;
  }
  await writeFile(PAGE, comparisonPage(TOOLS, answers));
  process.stdout.write(`Wrote ${PAGE}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${reason(error)}\n`);
  process.exitCode = 1;
});
