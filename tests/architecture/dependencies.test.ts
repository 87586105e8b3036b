import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = path.resolve(__dirname, "../..");

/**
 * What each folder may import beside itself, a folder with what is below it unless that has an entry of its own. `cli` are the
 * files beside the command's folders, `policy-pack` is the pack's entry.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "policy-pack/iam": [],
  "policy-pack/cloudformation": ["policy-pack/iam"],
  "policy-pack/iam-graph": ["policy-pack/iam", "policy-pack/cloudformation"],
  "policy-pack/evaluation": ["policy-pack/iam", "policy-pack/iam-graph"],
  "policy-pack/messages": ["policy-pack/iam", "policy-pack/evaluation"],
  "policy-pack/rules": [
    ...["policy-pack/iam", "policy-pack/iam-graph", "policy-pack/evaluation", "policy-pack/messages"],
  ],
  "policy-pack/crossguard": [
    ...["policy-pack/iam-graph", "policy-pack/evaluation", "policy-pack/messages", "policy-pack/rules"],
  ],
  "policy-pack": ["policy-pack/crossguard", "policy-pack/rules"],

  infra: [],
  stack: ["infra"],
  examples: ["infra"],

  cli: [
    ...[
      "audit",
      "aws",
      "completion",
      "enroll",
      "exec",
      "findings",
      "keys",
      "offboard",
      "profile",
      "rehearse",
      "replace",
    ].map((each) => `cli/${each}`),
    ...["session", "setup", "status", "terminal", "verify"].map((each) => `cli/${each}`),
  ],
  "cli/terminal": ["cli"],
  "cli/aws-config": ["cli"],
  "cli/aws": ["cli", "cli/aws-config", "cli/terminal"],
  "cli/stack": ["cli", "cli/aws", "cli/terminal"],
  "cli/plan": ["cli", "cli/terminal"],
  "cli/audit": [
    ...["cli", "cli/aws", "cli/terminal", "policy-pack/cloudformation", "policy-pack/evaluation"],
    ...["policy-pack/iam", "policy-pack/iam-graph", "policy-pack/messages", "policy-pack/rules"],
  ],
  "cli/rehearse": [...["cli", "cli/audit", "cli/terminal", "policy-pack/evaluation", "policy-pack/iam"]],
  "cli/findings": [
    ...["cli", "cli/audit", "cli/terminal", "policy-pack/evaluation", "policy-pack/iam-graph"],
    ...["policy-pack/messages", "policy-pack/rules"],
  ],
  "cli/profile": ["cli", "cli/aws", "cli/aws-config", "cli/stack", "cli/terminal"],
  "cli/session": ["cli", "cli/aws", "cli/aws-config", "cli/profile", "cli/terminal"],
  "cli/keys": [
    ...["cli", "cli/aws", "cli/aws-config", "cli/plan", "cli/profile", "cli/session", "cli/stack"],
    "cli/terminal",
  ],
  "cli/verify": ["cli", "cli/aws", "cli/aws-config", "cli/keys", "cli/terminal"],
  "cli/completion": ["cli", "cli/aws", "cli/aws-config", "cli/terminal"],
  "cli/exec": ["cli", "cli/aws", "cli/aws-config", "cli/profile"],
  "cli/enroll": ["cli", "cli/aws", "cli/profile", "cli/stack", "cli/terminal"],
  "cli/setup": [
    ...["cli", "cli/aws", "cli/aws-config", "cli/enroll", "cli/keys", "cli/profile", "cli/terminal"],
    "cli/verify",
  ],
  "cli/replace": ["cli", "cli/aws", "cli/enroll", "cli/plan", "cli/stack", "cli/terminal"],
  "cli/offboard": ["cli", "cli/aws", "cli/plan", "cli/stack"],
  "cli/status": ["cli", "cli/aws", "cli/offboard", "cli/profile", "cli/stack", "cli/terminal"],
  "cli/testing": [
    "cli",
    "cli/audit",
    "cli/audit/page/testing",
    "cli/profile",
    "cli/rehearse",
    "cli/session",
    "local",
    "stack",
  ],
  "cli/audit/page/testing": ["cli/audit", "local"],

  local: ["examples", "stack"],
  docs: [
    ...["cli/audit", "cli/audit/page/testing", "cli/testing", "examples", "local"],
    ...["policy-pack/evaluation", "policy-pack/rules"],
  ],
  tests: [
    ...["cli/aws", "cli/testing", "local"],
    ...["policy-pack/cloudformation", "policy-pack/crossguard", "policy-pack/iam"],
    ...["policy-pack/iam-graph", "policy-pack/rules", "stack"],
  ],
};

/** The packages, and Node's own modules, that the parts of the pack may import. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "policy-pack/iam": [],
  "policy-pack/cloudformation": ["node:util", "yaml"],
  "policy-pack/iam-graph": [],
  "policy-pack/evaluation": ["fastest-levenshtein"],
  "policy-pack/messages": [],
  "policy-pack/rules": [],
  "policy-pack/crossguard": ["@pulumi/policy", "@pulumi/pulumi/proto", "node:module"],
};

/** Every source file of the folders that have code, without tests and types alone. */
const FILES = [...new Set(Object.keys(ALLOWED).map((folder) => folder.replace(/\/.*/, "")))].flatMap(sources);

function sources(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return ["node_modules", "dist"].includes(entry.name) ? [] : sources(name);
    return /(?<!\.(test|d))\.tsx?$/.test(entry.name) ? [name] : [];
  });
}

/** What a file imports: files of this project as paths from the root, packages by name. */
function imports(file: string): string[] {
  const text = readFileSync(path.join(ROOT, file), "utf8");
  return [...text.matchAll(/(?:from|import|require)\s*\(?\s*"([^"]+)"/g)].map(([, target = ""]) =>
    target.startsWith(".")
      ? path.join(path.dirname(file), target)
      : target.replace(/^aws-mfa-policy-pack(?=\/|$)/, "policy-pack"),
  );
}

/** The entry that a file is under, the longest; `undefined` for a package. */
function folderOf(file: string): string | undefined {
  return Object.keys(ALLOWED)
    .filter((folder) => file === folder || file.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/** The folders that a folder's files import from, beside itself. */
function importedBy(folder: string): ReadonlySet<string> {
  const targets = FILES.filter((file) => folderOf(file) === folder).flatMap(imports);
  return new Set(targets.flatMap((target) => folderOf(target) ?? []).filter((each) => each !== folder));
}

/** Files that import each other, directly or by way of others, types included; each as a chain that comes back. */
function cycles(): string[] {
  const named = new Map(FILES.map((file) => [file.replace(/(\/index)?\.tsx?$/, ""), file]));
  const state = new Map<string, "open" | "done">();
  const found: string[] = [];
  const visit = (file: string, chain: readonly string[]): void => {
    if (state.get(file) === "open") found.push([...chain.slice(chain.indexOf(file)), file].join(" → "));
    if (state.has(file)) return;
    state.set(file, "open");
    for (const target of imports(file)) {
      const next = named.get(target.replace(/\.js$/, ""));
      if (next !== undefined) visit(next, [...chain, file]);
    }
    state.set(file, "done");
  };
  for (const file of FILES) visit(file, []);
  return found;
}

describe("dependencies point one way", () => {
  test.each(Object.entries(ALLOWED))(
    "%s imports from exactly the folders that are listed for it",
    (folder, allowed) => {
      expect([...importedBy(folder)].sort()).toEqual([...allowed].sort());
    },
  );

  test("every folder with code is listed, including those of policy-pack and cli", () => {
    const top = readdirSync(ROOT, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name))
      .map(({ name }) => name);
    const below = ["policy-pack", "cli"].flatMap((folder) =>
      readdirSync(path.join(ROOT, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !["node_modules", "dist"].includes(entry.name))
        .map(({ name }) => path.join(folder, name)),
    );
    const withCode = [...top, ...below].filter((folder) => sources(folder).length > 0);
    expect(withCode.filter((folder) => !(folder in ALLOWED))).toEqual([]);
  });

  test.each(Object.entries(PACKAGES))(
    "%s imports only the packages that are listed for it",
    (folder, allowed) => {
      const strays = FILES.filter((file) => folderOf(file) === folder)
        .flatMap(imports)
        .filter((target) => folderOf(target) === undefined)
        .filter((target) => !allowed.some((each) => target === each || target.startsWith(`${each}/`)));
      expect(strays).toEqual([]);
    },
  );

  test("no files import each other in a cycle", () => {
    expect(cycles()).toEqual([]);
  });

  test("no shipped file imports the whole of @pulumi/aws", () => {
    const shipped = FILES.filter((file) => /^(infra|stack|examples|policy-pack)\//.test(file));
    expect(shipped.filter((file) => imports(file).includes("@pulumi/aws"))).toEqual([]);
  });
});
