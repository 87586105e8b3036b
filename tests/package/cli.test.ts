import { readdirSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { runPlain } from "../../cli/testing/command";
import { ACCOUNT, openFixture, STACK } from "../../cli/testing/fixture";
import { spawnOnPty } from "../../cli/testing/pty";
import { awsCli, codeOf, twoCodes } from "../../local/demo/member";
import { install, type Packed, pack } from "./packed";

const MOST_PACKAGES = 5;
const MOST_BYTES = 12 * 1024 * 1024;
/** Loaded where it is installed. It has native code, which no bundle can hold. */
const KEYRING = "@napi-rs/keyring";

let packed: Packed;
let installed: string;

beforeAll(async () => {
  packed = await pack("cli");
  installed = join(await install(packed.tarball), "node_modules");
});

const packageJson = async (folder: string) =>
  JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Record<string, unknown>;

/** The files below a folder. */
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name));

describe("the command's tarball", () => {
  test("contains only the build's output, the launcher, the licenses, README.md and package.json", () => {
    const built = /^dist\/([\w-]+\.mjs|fast-path\.js|browser\/main\.(js|css))$/;
    expect(packed.files.filter((path) => !built.test(path))).toEqual([
      ...["LICENSE", "README.md", "THIRD-PARTY-LICENSES", "bin/aws-mfa.js", "package.json"],
    ]);
    expect(packed.files).toEqual(expect.arrayContaining(["dist/main.mjs", "dist/fast-path.js"]));
  });

  test("depends on no package but the optional keyring", async () => {
    const { dependencies, peerDependencies, optionalDependencies } = await packageJson(packed.folder);
    expect({ dependencies, peerDependencies }).toEqual({});
    expect(Object.keys(optionalDependencies ?? {})).toEqual([KEYRING]);
  });

  test("lists the bundled packages with their licenses, and none of Pulumi's packages", async () => {
    const licenses = await readFile(join(packed.folder, "THIRD-PARTY-LICENSES"), "utf8");
    const listed = [...licenses.matchAll(/^((?:@[\w-]+\/)?[\w.-]+) \d\S* \(([\w.-]+)\)$/gm)];
    const names = listed.map(([, name]) => name);
    expect(names).toEqual(
      expect.arrayContaining(["commander", "@aws-sdk/client-sts", "zod", "yaml", "preact", "env-paths"]),
    );
    expect(names.filter((name) => /pulumi|opentelemetry|grpc/.test(name ?? ""))).toEqual([]);
    expect(new Set(listed.map(([, , license]) => license))).toEqual(
      new Set(["Apache-2.0", "BSD-3-Clause", "ISC", "MIT"]),
    );
    expect(licenses).toContain("Apache License");
  });
});

describe("the command, installed with production dependencies,", () => {
  test(`has at most ${MOST_PACKAGES} packages and ${MOST_BYTES} bytes`, async () => {
    const files = filesIn(installed);
    const packages = files.filter((path) =>
      /node_modules[\\/](@[^\\/]+[\\/])?[^\\/@]+[\\/]package\.json$/.test(path),
    );
    expect(packages.length).toBeLessThanOrEqual(MOST_PACKAGES);
    const sizes = await Promise.all(files.map(async (path) => (await stat(path)).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MOST_BYTES);
  });

  test("prints its version, and the help of each subcommand", async () => {
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

test("a user gets a session with only the tarball, access keys, a seed and the command that enroll prints", async () => {
  const fixture = await openFixture({ "aws-mfa-stack:users": ["alice"] });
  try {
    const seed = await fixture.seedOf("alice");
    const { keys } = await fixture.member("alice");
    const home = await fixture.newHome();
    const [one, two] = twoCodes(seed);
    const enrolled = await runPlain(
      ["enroll", "alice", "--stack", STACK, "--project", fixture.stack.folder, "--codes"],
      { env: fixture.administrator, input: `${one}\n${two}\n` },
    );
    const [, line = ""] = /^ +(aws-mfa setup .*)$/m.exec(enrolled.stdout) ?? [];
    expect(line).toContain(`arn:aws:iam::${ACCOUNT}:role/MFABasedAccess`);

    const path = `${join(installed, ".bin")}:${process.env.PATH}`;
    const env = {
      PATH: path,
      HOME: home,
      AWS_ENDPOINT_URL: fixture.moto.endpoint,
      AWS_MFA_KEYRING: "off",
      TERM: "xterm",
    };
    const sitting = spawnOnPty("/bin/sh", ["-c", line], { env, cwd: home }, { columns: 80, rows: 24 });
    await sitting.sees("Access key ID");
    sitting.answers(keys.id);
    await sitting.sees("Secret access key");
    sitting.answers(keys.secret);
    await sitting.sees("MFA code for");
    sitting.answers(codeOf(seed));
    expect(await sitting.ends()).toBe(0);
    const { printed } = await awsCli(
      ["sts", "get-caller-identity"],
      { env },
      {
        profile: "mfabasedaccess",
        code: codeOf(seed),
      },
    );
    expect(printed).toContain(":assumed-role/MFABasedAccess/");
  } finally {
    await fixture.close();
  }
});
