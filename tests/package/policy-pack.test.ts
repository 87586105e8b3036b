import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { releaseAccess } from "../../examples/bad/release-access";
import { backupAccess } from "../../examples/good/backup-access";
import { type LocalAws, startLocalAws } from "../../local/aws/server";
import { openStack } from "../../local/engine/stack";
import { RunningPack } from "../analyzer/pack";
import { failureOf, rejection } from "../engine/scene";
import { install, type Packed, pack } from "./packed";
import { publish } from "./publish";

let packed: Packed;
let installed: string;

beforeAll(async () => {
  packed = await pack("policy-pack");
  installed = join(await install(packed.tarball), "node_modules", "aws-mfa-policy-pack");
});

const packageJson = async (folder: string) =>
  JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
    version: string;
    dependencies: Record<string, string>;
  };

describe("the tarball", () => {
  test("contains only compiled JavaScript, PulumiPolicy.yaml, README.md, LICENSE and package.json", () => {
    const compiled = sourcesIn(packed.folder).map((source) => `dist/${source.replace(/\.ts$/, ".js")}`);
    expect(compiled).toContain("dist/index.js");
    expect(packed.files).toEqual(
      [...compiled, "LICENSE", "PulumiPolicy.yaml", "README.md", "package.json"].toSorted(),
    );
  });

  test("declares every package that it loads", async () => {
    const { dependencies } = await packageJson(packed.folder);
    const loaded = new Set<string>();
    for (const file of packed.files.filter((path) => path.endsWith(".js"))) {
      const text = await readFile(join(packed.folder, file), "utf8");
      for (const [, name = ""] of text.matchAll(/require\("([^."][^"]*)"\)/g)) loaded.add(packageOf(name));
    }
    expect([...loaded].filter((name) => !isBuiltin(name) && !(name in dependencies))).toEqual([]);
    // What the Pulumi CLI starts the pack with, from the pack's own folder.
    expect(Object.keys(dependencies)).toContain("@pulumi/pulumi");
  });

  test("has the same version in package.json, PulumiPolicy.yaml and README.md", async () => {
    const { version } = await packageJson(packed.folder);
    const policyFile: unknown = parse(await readFile(join(packed.folder, "PulumiPolicy.yaml"), "utf8"));
    expect(policyFile).toMatchObject({ version });
    expect(await readFile(join(packed.folder, "README.md"), "utf8")).toContain(
      `aws-mfa-policy-pack-${version}.tgz`,
    );
  });
});

describe("the pack, installed with production dependencies,", () => {
  test("is installed without a compiler", () => {
    for (const compiler of ["typescript", "ts-node", "tsx"]) {
      expect(existsSync(join(installed, "..", compiler))).toBe(false);
    }
  });

  test("starts over the Analyzer protocol, prints nothing, and rejects a role that access keys can assume", async () => {
    await rejectsARoleThatAccessKeysCanAssume(installed);
  });

  test("rejects a configuration with a misspelled policy name", async () => {
    const running = await RunningPack.start(installed);
    try {
      await expect(running.configure({ "iam-role-requries-mfa": {} })).rejects.toThrow(
        "this pack has no such policy",
      );
    } finally {
      await running.stop();
    }
  });

  describe("on the engine", () => {
    let aws: LocalAws;
    beforeAll(async () => {
      aws = await startLocalAws();
    });
    afterAll(() => aws.stop());

    test("rejects the roles of the bad example", async () => {
      const stack = await openStack({
        program: releaseAccess,
        endpoint: aws.endpoint,
        policyPacks: [installed],
      });
      const printed = await failureOf(stack.preview());
      await stack.close();
      for (const role of ["release", "rollback"]) {
        expect(printed).toMatch(rejection("iam-role-requires-mfa", role));
      }
    });

    test("accepts the good example", async () => {
      const stack = await openStack({
        program: backupAccess,
        endpoint: aws.endpoint,
        policyPacks: [installed],
      });
      const { printed } = await stack.preview();
      await stack.close();
      const { version } = await packageJson(installed);
      expect(printed).toContain(`aws-mfa@v${version}`);
    });
  });
});

describe("the pack, published by pulumi policy publish,", () => {
  test("contains PulumiPolicy.yaml, and rejects the same role once installed from the tarball", async () => {
    const { tarball, described } = await publish(packed.folder);
    const { version } = await packageJson(packed.folder);
    expect(described).toMatchObject({ name: "aws-mfa", versionTag: version });
    const published = join(await install(tarball), "node_modules", "aws-mfa-policy-pack");
    expect(existsSync(join(published, "PulumiPolicy.yaml"))).toBe(true);
    await rejectsARoleThatAccessKeysCanAssume(published);
  });
});

/** Started from its folder and asked over the Analyzer protocol, as an engine would. */
async function rejectsARoleThatAccessKeysCanAssume(folder: string): Promise<void> {
  const running = await RunningPack.start(folder);
  try {
    const said = await running.analyze({
      type: "aws:iam/role:Role",
      name: "deploy",
      props: {
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "sts:AssumeRole" }],
        }),
      },
    });
    expect(said.map(({ policy, level }) => ({ policy, level }))).toEqual([
      { policy: "iam-role-requires-mfa", level: "mandatory" },
    ]);
    expect(running.printed).toEqual([]);
  } finally {
    await running.stop();
  }
}

/** The TypeScript files that are compiled into the package: all but tests and examples. */
function sourcesIn(folder: string): readonly string[] {
  return readdirSync(folder, { encoding: "utf8", recursive: true })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts"))
    .filter(
      (path) =>
        !/^(dist|node_modules)\/|\.test\.ts$|\.examples\.ts$|^rules\/(example|testing)\.ts$/.test(path),
    );
}

/** `@scope/name/file` → `@scope/name`. */
function packageOf(request: string): string {
  return request
    .split("/")
    .slice(0, request.startsWith("@") ? 2 : 1)
    .join("/");
}
