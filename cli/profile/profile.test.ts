import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OWNER } from "../owner";
import { runPlain } from "../testing/command";
import { type Fixture, openFixture } from "../testing/fixture";
import { runOnPty } from "../testing/pty";
import { readByAwsCli } from "../testing/read-by-aws-cli";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture({
    "aws-mfa-stack:users": ["alice", { name: "bob", roles: ["Deploy"] }],
    "aws-mfa-stack:roles": [{ name: "MFABasedAccess" }, { name: "Deploy", sessionSeconds: 14400 }],
  });
});
afterAll(() => fixture.close());

const FLAGS = [
  "--role-arn",
  "arn:aws:iam::111122223333:role/R",
  "--mfa-serial",
  "arn:aws:iam::111122223333:mfa/alice",
];

async function atHome(config?: string) {
  const home = await fixture.newHome();
  const file = join(home, ".aws", "config");
  if (config !== undefined) await writeFile(file, config, { mode: 0o640 });
  const setting = { env: { ...fixture.administrator, HOME: home } };
  return {
    file,
    setting,
    profile: (...args: string[]) => runPlain(["profile", ...args], setting),
    read: () => readFile(file, "utf8"),
    files: async () => (await readdir(join(home, ".aws"))).sort(),
  };
}

const fromStack = (user: string) => [user, ...fixture.onStack];

async function profiles(text: string) {
  const [read] = await readByAwsCli([text]);
  if (read === undefined || read === "unreadable") throw new Error(`the AWS CLI cannot read:\n${text}`);
  return read;
}

describe("aws-mfa profile --one-code --name", () => {
  const oneCode = (...more: string[]) => [...FLAGS, "--one-code", ...more];

  test("uses an existing default-mfa of the same device, and leaves it unchanged", async () => {
    const home = await atHome();
    await home.profile(...oneCode("--region", "eu-west-1", "--session-seconds", "900"));
    const before = await home.read();
    const { code, stderr } = await home.profile(...oneCode("--name", "other", "--region", "us-east-1"));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect((await home.read()).startsWith(before)).toBe(true);
    expect((await profiles(await home.read())).other?.source_profile).toBe("default-mfa");
  });

  test("creates its own session if default-mfa is of another device or another program", async () => {
    for (const first of [
      `[profile default-mfa]\ncredential_process = /usr/bin/other\n`,
      `[profile default-mfa]\ncredential_process = aws-mfa session --mfa-serial arn:aws:iam::111122223333:mfa/bob\n`,
    ]) {
      const home = await atHome(first);
      expect((await home.profile(...oneCode("--name", "other"))).code).toBe(0);
      const read = await profiles(await home.read());
      expect(await home.read()).toContain(first);
      expect(read.other?.source_profile).toBe("other-mfa");
      expect(read["other-mfa"]?.credential_process).toContain("mfa/alice");
    }
  });
});

describe("aws-mfa profile USER --stack", () => {
  test("writes a profile for each role of the user, as the AWS CLI reads it", async () => {
    const home = await atHome();
    const { code, stdout } = await home.profile(...fromStack("alice"));
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `Wrote the profiles mfabasedaccess, mfabasedaccess-Deploy to ${home.file}.`,
    });
    expect(await profiles(await home.read())).toEqual({
      mfabasedaccess: {
        source_profile: "default",
        role_arn: "arn:aws:iam::123456789012:role/MFABasedAccess",
        mfa_serial: "arn:aws:iam::123456789012:mfa/alice",
        duration_seconds: "3600",
        region: "us-east-1",
      },
      "mfabasedaccess-Deploy": {
        source_profile: "default",
        role_arn: "arn:aws:iam::123456789012:role/Deploy",
        mfa_serial: "arn:aws:iam::123456789012:mfa/alice",
        duration_seconds: "14400",
        region: "us-east-1",
      },
    });
    expect((await stat(home.file)).mode & 0o777).toBe(0o600);
  });

  test("uses the names in --name and --source-profile", async () => {
    const home = await atHome();
    await home.profile(...fromStack("alice"), "--name", "work", "--source-profile", "keys");
    const read = await profiles(await home.read());
    expect(Object.keys(read)).toEqual(["work", "work-Deploy"]);
    expect(read.work?.source_profile).toBe("keys");
  });

  test.each([
    ["", "PULUMI_CONFIG"],
    ["x", "another one"],
  ])(
    "works with the passphrase %j, or says that an older Pulumi needs the right one",
    async (passphrase, said) => {
      const { setting } = await atHome();
      const env = { ...setting.env, PULUMI_CONFIG_PASSPHRASE: passphrase };
      const { code, stderr } = await runPlain(["profile", ...fromStack("bob")], { env });
      if (code === 0) expect(stderr).toBe("");
      else expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining(said) });
    },
  );

  test.each([
    ["a user who is not in the stack", ["carol"], 3, "has no user carol", "It has alice, bob"],
    [
      "a stack that does not exist",
      ["alice", "--stack", "none"],
      3,
      "the stack does not exist",
      "pulumi stack ls",
    ],
    ["a folder without a project", ["alice", "--project", "/"], 3, "No Pulumi project", "--project FOLDER"],
  ])("writes nothing for %s, and says what to do", async (_, [user = "", ...more], code, problem, remedy) => {
    const home = await atHome();
    const ended = await home.profile(...fromStack(user), ...more);
    expect(ended).toMatchObject({ code, stdout: "" });
    expect(ended.stderr).toContain(problem);
    expect(ended.stderr).toContain(remedy);
    expect(await home.files()).toEqual([]);
  });

  test("reports that pulumi is not on PATH", async () => {
    const home = await atHome();
    const env = { ...home.setting.env, PATH: "/nowhere" };
    const { code, stderr } = await runPlain(["profile", ...fromStack("alice")], { env });
    expect(code).toBe(3);
    expect(stderr).toContain("pulumi was not found on PATH");
  });
});

describe("aws-mfa profile with flags", () => {
  test("prints the profile with --print, and writes nothing", async () => {
    const home = await atHome();
    const { code, stdout } = await home.profile(...FLAGS, "--region", "eu-central-1", "--print");
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        "[profile mfabasedaccess]",
        "source_profile = default",
        "role_arn = arn:aws:iam::111122223333:role/R",
        "mfa_serial = arn:aws:iam::111122223333:mfa/alice",
        "duration_seconds = 3600",
        "region = eu-central-1",
      ].join("\n"),
    );
    expect(await home.files()).toEqual([]);
  });

  test("reports all invalid flags at once", async () => {
    const home = await atHome();
    const wrong = ["--role-arn", "R", "--mfa-serial", "x", "--duration-seconds", "899", "--name", "a b"];
    const { code, stderr } = await home.profile(...wrong);
    expect(code).toBe(2);
    for (const flag of ["--role-arn", "--mfa-serial", "--duration-seconds", "--name"]) {
      expect(stderr).toContain(`${flag}: expected`);
    }
  });

  test.each([
    ["an empty command line", [], "Missing --stack or --role-arn"],
    ["a user without a stack", ["alice"], "Add --stack NAME"],
    ["a stack without a user", ["--stack", "x"], "Missing USER"],
    ["a stack and a role", ["alice", "--stack", "x", ...FLAGS], "--role-arn, --mfa-serial"],
    ["a profile that is its own source", [...FLAGS, "--name", "default"], "its own source"],
    ["--one-code with --for", [...FLAGS, "--one-code", "--for", "aws-vault"], "cannot be combined"],
    ["--session-seconds without --one-code", [...FLAGS, "--session-seconds", "900"], "Add --one-code"],
    [
      "a session that is too long",
      [...FLAGS, "--one-code", "--session-seconds", "129601"],
      "from 900 to 129600",
    ],
    ["an unknown tool", [...FLAGS, "--for", "aws-valt"], "Allowed choices"],
    ["an unknown flag", ["--rolearn", "x"], "--role-arn"],
  ])("rejects %s", async (_, args, found) => {
    const home = await atHome();
    const { code, stderr } = await home.profile(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(found);
    expect(await home.files()).toEqual([]);
  });

  test("makes the session of --one-code the source of the role, which needs no code and lasts an hour", async () => {
    const home = await atHome();
    await home.profile(...FLAGS, "--duration-seconds", "43200", "--one-code");
    const read = await profiles(await home.read());
    expect(read.mfabasedaccess).toEqual({
      source_profile: "default-mfa",
      role_arn: "arn:aws:iam::111122223333:role/R",
      duration_seconds: "3600",
    });
    expect(read["default-mfa"]?.credential_process).toMatch(
      /aws-mfa\.js session --profile default --mfa-serial arn:aws:iam::111122223333:mfa\/alice$/,
    );
  });

  test("writes the --session-seconds of --one-code into the credential_process", async () => {
    const home = await atHome();
    await home.profile(...FLAGS, "--one-code", "--session-seconds", "129600");
    expect((await profiles(await home.read()))["default-mfa"]?.credential_process).toMatch(
      / --duration-seconds 129600$/,
    );
  });

  test.each([
    ["aws-vault", { default: { mfa_serial: "arn:aws:iam::111122223333:mfa/alice" } }],
    ["awsume", { mfabasedaccess: expect.not.objectContaining({ duration_seconds: expect.anything() }) }],
    ["granted", { mfabasedaccess: expect.objectContaining({ duration_seconds: "3600" }) }],
  ])("writes the profile as %s needs it with --for", async (tool, expected) => {
    const home = await atHome();
    await home.profile(...FLAGS, "--for", tool);
    expect(await profiles(await home.read())).toMatchObject(expected);
  });
});

describe("an existing configuration file", () => {
  const MINE = "# mine\n[default]\nregion = eu-central-1\n";

  test("keeps its content and its mode, and has a backup", async () => {
    const home = await atHome(MINE);
    const { stdout } = await home.profile(...FLAGS);
    expect((await home.read()).startsWith(MINE)).toBe(true);
    expect((await stat(home.file)).mode & 0o777).toBe(0o640);
    const backup = /is in (.*)\.$/m.exec(stdout)?.[1] ?? "";
    expect(await readFile(backup, "utf8")).toBe(MINE);
    expect((await stat(backup)).mode & 0o777).toBe(0o640);
  });

  test("is not written the second time", async () => {
    const home = await atHome(MINE);
    await home.profile(...FLAGS);
    const files = await home.files();
    expect((await home.profile(...FLAGS)).stdout).toContain("already contains");
    expect(await home.files()).toEqual(files);
  });

  test("that is a symbolic link is written at its target", async () => {
    const home = await atHome();
    const real = `${home.file}-real`;
    await writeFile(real, MINE);
    await symlink(real, home.file);
    await home.profile(...FLAGS);
    expect(await readFile(real, "utf8")).toContain("[profile mfabasedaccess]");
    expect(await home.files()).toContain("config-real");
  });

  test("that is a dangling link is an error, and stays a link", async () => {
    const home = await atHome();
    await symlink(`${home.file}-real`, home.file);
    const { code, stderr } = await home.profile(...FLAGS);
    expect(code).toBe(7);
    expect(stderr).toContain(`is a link to ${home.file}-real, which does not exist.`);
    expect((await lstat(home.file)).isSymbolicLink()).toBe(true);
  });

  test("is the one in AWS_CONFIG_FILE, which may begin with a tilde", async () => {
    const home = await atHome();
    const env = { ...home.setting.env, AWS_CONFIG_FILE: "~/elsewhere/config" };
    await runPlain(["profile", ...FLAGS], { env });
    expect(await readFile(join(env.HOME ?? "", "elsewhere", "config"), "utf8")).toContain("mfabasedaccess");
    expect(await home.files()).toEqual([]);
  });

  test.each([
    ["read-only", async (file: string) => chmod(file, 0o444), "is read-only"],
    ["not UTF-8", async (file: string) => writeFile(file, Buffer.from([0x5b, 0xff])), "not UTF-8"],
    ["unparsable", async (file: string) => writeFile(file, "[default]\nregion\n"), "line 2"],
  ])("that is %s is an error, and stays unchanged", async (_, spoil, found) => {
    const home = await atHome(MINE);
    await spoil(home.file);
    const before = await readFile(home.file);
    const { code, stderr } = await home.profile(...FLAGS);
    expect(code).toBe(7);
    expect(stderr).toContain(found);
    expect(await readFile(home.file)).toEqual(before);
    expect(await home.files()).toEqual(["config"]);
  });

  test("that another run has locked stays unchanged, and the error names the process", async () => {
    const home = await atHome(MINE);
    await mkdir(`${home.file}.lock`);
    await writeFile(join(`${home.file}.lock`, OWNER), "");
    const { code, stderr } = await home.profile(...FLAGS);
    expect(code).toBe(9);
    expect(stderr).toContain(
      `Another run of aws-mfa is using the configuration file: process ${process.pid} on`,
    );
    expect(await home.read()).toBe(MINE);
  });

  test("has both profiles after two runs at once", async () => {
    const home = await atHome(MINE);
    const both = await Promise.all(["one", "two"].map((name) => home.profile(...FLAGS, "--name", name)));
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(Object.keys(await profiles(await home.read()))).toEqual(
      expect.arrayContaining(["default", "one", "two"]),
    );
  });
});

describe("a different profile of the same name", () => {
  const OTHER =
    "[profile mfabasedaccess]\nrole_arn = arn:old\naws_secret_access_key = S3CR3T\noutput = json\n";

  test("is shown as a diff without its keys, and stays unchanged, if there is no terminal", async () => {
    const home = await atHome(OTHER);
    const { code, stderr } = await home.profile(...FLAGS);
    expect(code).toBe(8);
    expect(stderr).toContain("-role_arn = arn:old\n");
    expect(stderr).toContain("+role_arn = arn:aws:iam::111122223333:role/R\n");
    expect(stderr).toContain("--yes");
    expect(stderr).not.toContain("S3CR3T");
    expect(await home.read()).toBe(OTHER);
  });

  test("is changed with --yes, keeps its other settings, and loses its secret key", async () => {
    const home = await atHome(OTHER);
    expect((await home.profile(...FLAGS, "--yes")).code).toBe(0);
    const read = (await profiles(await home.read())).mfabasedaccess;
    expect(read).toMatchObject({ role_arn: "arn:aws:iam::111122223333:role/R", output: "json" });
    expect(read).not.toHaveProperty("aws_secret_access_key");
  });

  test("is not written if another program changes the file meanwhile", async () => {
    const home = await atHome(OTHER);
    const terminal = runOnPty(["profile", ...FLAGS], home.setting);
    await terminal.sees("Change the profile mfabasedaccess?");
    await writeFile(home.file, "[default]\nregion = eu-central-1\n");
    terminal.presses("y\r");
    expect(await terminal.ends()).toBe(9);
    expect(terminal.screen()).toContain("was changed by another program.");
    expect(await home.read()).toBe("[default]\nregion = eu-central-1\n");
  });

  test.each([
    ["y\r", 0, "Wrote the profile mfabasedaccess"],
    ["n\r", 1, "Nothing was written."],
    ["\r", 1, "Nothing was written."],
    ["\x03", 130, "Nothing was written."],
  ])("is changed only after y at the prompt: %j", async (key, code, said) => {
    const home = await atHome(OTHER);
    const terminal = runOnPty(["profile", ...FLAGS], home.setting);
    await terminal.sees("Change the profile mfabasedaccess?");
    terminal.presses(key);
    expect(await terminal.ends()).toBe(code);
    expect(terminal.screen()).toContain(said);
    expect((await home.read()) === OTHER).toBe(code !== 0);
    expect(await home.files()).not.toContain("config.lock");
  });
});
