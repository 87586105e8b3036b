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

/** The folders of source files directly below one. */
function foldersIn(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory() && sources(path.join(folder, entry.name)).length > 0 ? [entry.name] : [],
    )
    .filter((name) => name !== "node_modules" && name !== "dist")
    .toSorted();
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

/** What each folder may import beside itself: what lies below it. Packages are named where only some are allowed. */
const PACK: Readonly<Record<string, readonly string[]>> = {
  iam: [],
  cloudformation: ["policy-pack/iam", "yaml", "node:util"],
  "iam-graph": ["policy-pack/iam", "policy-pack/cloudformation"],
  evaluation: ["policy-pack/iam", "policy-pack/iam-graph", "fastest-levenshtein"],
  messages: ["policy-pack/iam", "policy-pack/evaluation"],
  rules: ["policy-pack/iam", "policy-pack/iam-graph", "policy-pack/evaluation", "policy-pack/messages"],
  crossguard: [
    ...["policy-pack/iam-graph", "policy-pack/evaluation", "policy-pack/messages", "policy-pack/rules"],
    ...["@pulumi/policy", "@pulumi/pulumi/proto", "node:module"],
  ],
};

/** What each folder of the command may import of its other folders; the files beside the folders are for all of them. */
const CLI: Readonly<Record<string, readonly string[]>> = {
  "aws-config": [],
  audit: ["aws", "terminal"],
  aws: ["aws-config", "terminal"],
  completion: ["aws", "aws-config"],
  enroll: ["aws", "replace", "stack", "terminal"],
  exec: ["aws", "profile"],
  findings: ["audit"],
  offboard: ["aws", "plan", "stack"],
  plan: ["terminal"],
  profile: ["aws", "aws-config", "stack", "terminal"],
  replace: ["aws", "enroll", "plan", "stack", "terminal"],
  session: ["aws", "aws-config", "profile", "terminal"],
  stack: ["aws", "terminal"],
  status: ["aws", "offboard", "profile", "replace", "stack", "terminal"],
  terminal: [],
  verify: ["aws", "aws-config", "profile", "terminal"],
};

/** Files that import each other, directly or by way of others, types included; each as a chain that comes back. */
function cycles(folders: readonly string[]): string[] {
  const files = folders.flatMap(sources);
  const named = new Map(files.map((file) => [file.replace(/\.ts$/, "").replace(/\/index$/, ""), file]));
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
  for (const file of files) visit(file, []);
  return found;
}

describe("dependencies point one way", () => {
  test.each(Object.entries(PACK))(
    "policy-pack/%s imports nothing but what lies below it",
    (folder, allowed) => {
      expect(strays(`policy-pack/${folder}`, [`policy-pack/${folder}`, ...allowed])).toEqual([]);
    },
  );

  test("every folder of the pack is named here, and its entry imports the hosts", () => {
    const folders = foldersIn("policy-pack");
    expect(folders).toEqual(Object.keys(PACK).toSorted());
    expect(imports("policy-pack/index.ts").filter((each) => each.startsWith("policy-pack/"))).toEqual([
      "policy-pack/crossguard/configure",
      "policy-pack/crossguard/pack",
      "policy-pack/rules/registry",
    ]);
  });

  test.each(Object.entries(CLI))("cli/%s imports no other folder than is named for it", (folder, allowed) => {
    const others = sources(`cli/${folder}`).flatMap((file) =>
      imports(file).flatMap((target) => {
        const [, other] = /^cli\/([^/]+)\//.exec(target) ?? [];
        return other === undefined || other === folder || allowed.includes(other)
          ? []
          : [`${file} → ${target}`];
      }),
    );
    expect(others).toEqual([]);
  });

  test("every folder of the command is named here", () => {
    const known = [...Object.keys(CLI), "testing"];
    expect(foldersIn("cli").filter((folder) => !known.includes(folder))).toEqual([]);
  });

  test("no file of the pack imports itself by way of others", () => {
    expect(cycles(["policy-pack"])).toEqual([]);
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
