import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = path.resolve(__dirname, "../..");

/** Every source file below a folder, without tests and examples. */
function sources(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return ["node_modules", "dist"].includes(entry.name) ? [] : sources(name);
    return /(?<!\.(test|examples|d))\.ts$/.test(entry.name) && name !== "policy-pack/rules/example.ts"
      ? [name]
      : [];
  });
}

/** What a file imports: other files as paths from the root, packages by name. */
function imports(file: string): string[] {
  const text = readFileSync(path.join(ROOT, file), "utf8");
  return [...text.matchAll(/(?:from|import|require)\s*\(?\s*"([^"]+)"/g)].map(([, target = ""]) =>
    target.startsWith(".") ? path.join(path.dirname(file), target) : target,
  );
}

/** The imports of a folder's files that are not allowed, as `file → import`. */
function strays(folder: string, allowed: readonly string[]): string[] {
  return sources(folder).flatMap((file) =>
    imports(file)
      .filter((target) => !allowed.some((each) => target === each || target.startsWith(`${each}/`)))
      .map((target) => `${file} → ${target}`),
  );
}

describe("dependencies point one way", () => {
  test.each<[string, string[]]>([
    ["policy-pack/iam", ["policy-pack/iam"]],
    ["policy-pack/cloudformation", ["policy-pack/iam", "policy-pack/cloudformation", "yaml", "node:util"]],
    ["policy-pack/iam-graph", ["policy-pack/iam", "policy-pack/cloudformation", "policy-pack/iam-graph"]],
    [
      "policy-pack/rules",
      ["policy-pack/iam", "policy-pack/iam-graph", "policy-pack/rules", "fastest-levenshtein"],
    ],
    [
      "policy-pack",
      [
        ...["policy-pack", "@pulumi/policy", "@pulumi/pulumi/proto"],
        ...["fastest-levenshtein", "yaml", "node:module", "node:util"],
      ],
    ],
  ])("%s imports nothing but what lies below it", (folder, allowed) => {
    expect(strays(folder, allowed)).toEqual([]);
  });

  test("the stack imports nothing of the rules, the local runs or the tests", () => {
    const above = sources("infra").flatMap((file) =>
      imports(file)
        .filter((target) => /^(policy-pack\/(?!iam)|local|tests|examples)/.test(target))
        .map((target) => `${file} → ${target}`),
    );
    expect(above).toEqual([]);
  });

  test("nothing that ships loads the whole of @pulumi/aws", () => {
    const whole = ["infra", "examples", "policy-pack"].flatMap((folder) =>
      sources(folder).filter((file) => imports(file).includes("@pulumi/aws")),
    );
    expect(whole).toEqual([]);
  });
});
