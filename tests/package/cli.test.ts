import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import execa from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { install, type Packed, pack } from "./packed";

let packed: Packed;
let installed: string;

beforeAll(async () => {
  const policyPack = await pack("policy-pack");
  packed = await pack("cli");
  installed = join(await install(policyPack.tarball, packed.tarball), "node_modules");
});

const packageJson = async (folder: string) =>
  JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
    version: string;
    dependencies: Record<string, string>;
    optionalDependencies: Record<string, string>;
  };

describe("the command's tarball", () => {
  test("holds no source, no test, no types, and no test fixture", () => {
    expect(packed.files).toEqual(
      expect.arrayContaining(["bin/aws-mfa.js", "dist/main.js", "LICENSE", "README.md", "package.json"]),
    );
    const strays = packed.files.filter((path) => /\.ts$|\.tsbuildinfo$|\.test\.|testing|sample/.test(path));
    expect(strays).toEqual([]);
  });

  test("declares every package that it loads", async () => {
    const { dependencies, optionalDependencies } = await packageJson(packed.folder);
    const loaded = new Set<string>();
    for (const file of packed.files.filter((path) => path.startsWith("dist/") && path.endsWith(".js"))) {
      const text = await readFile(join(packed.folder, file), "utf8");
      for (const [, name = ""] of text.matchAll(/(?:require|import)\("([^."][^"]*)"\)/g))
        loaded.add(packageOf(name));
    }
    const declared = { ...dependencies, ...optionalDependencies };
    expect([...loaded].filter((name) => !isBuiltin(name) && !(name in declared))).toEqual([]);
    expect([...loaded]).toContain("commander");
  });

  test("asks for the pack of its own version", async () => {
    const { version, dependencies } = await packageJson(packed.folder);
    expect(dependencies["aws-mfa-policy-pack"]).toBe(version);
  });
});

describe("installed with production dependencies only", () => {
  test("it needs no compiler", () => {
    expect(readdirSync(installed)).not.toContain("typescript");
  });

  test("every command says what it is for", async () => {
    const { version } = await packageJson(packed.folder);
    const command = join(installed, ".bin", "aws-mfa");
    expect((await execa(command, ["--version"])).stdout).toBe(version);
    const { stdout } = await execa(command, ["--help"]);
    const listed = [...stdout.matchAll(/^ {2}([a-z]+) .*/gm)].map(([, name = ""]) => name);
    const commands = listed.filter((name) => name !== "help");
    expect(commands).toContain("verify");
    for (const name of commands)
      expect((await execa(command, [name, "--help"])).stdout).toContain(`aws-mfa ${name}`);
  });
});

/** `@scope/name/file` → `@scope/name`. */
function packageOf(request: string): string {
  return request
    .split("/")
    .slice(0, request.startsWith("@") ? 2 : 1)
    .join("/");
}
