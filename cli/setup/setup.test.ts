import { chmod, cp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { awsCli, codeOf, twoCodes } from "../../local/demo/member";
import { COMMAND, runPlain } from "../testing/command";
import { ACCOUNT, type Fixture, type Keys, openFixture } from "../testing/fixture";
import { type PtySession, runOnPty } from "../testing/pty";
import { besideSecretService, hasSecretService } from "../testing/secret-service";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture({
    "aws-mfa-stack:users": [
      "alice",
      "bob",
      "carol",
      "erin",
      { name: "dave", roles: ["MFABasedAccess", "Deploy"] },
    ],
    "aws-mfa-stack:roles": [{ name: "MFABasedAccess" }, { name: "Deploy", sessionSeconds: 14400 }],
  });
});
afterAll(() => fixture.close());

const ROLE = `arn:aws:iam::${ACCOUNT}:role/MFABasedAccess`;
const GIVEN = ["--role-arn", ROLE, "--region", "us-east-1"];
const serialOf = (user: string) => `arn:aws:iam::${ACCOUNT}:mfa/${user}`;

/** An IAM user can have two access keys at most. */
const keysOf = new Map<string, Keys>();

/** A user with a new access key and a home folder without AWS files. */
async function newcomer(user: string) {
  const { home, keys, env } = await fixture.member(user, keysOf.get(user));
  keysOf.set(user, keys);
  await rm(join(home, ".aws"), { recursive: true });
  const file = (name: string) => join(home, ".aws", name);
  return {
    keys,
    env,
    file,
    seed: await fixture.seedOf(user),
    read: (name: string) => readFile(file(name), "utf8").catch(() => ""),
    sits: (args: readonly string[] = GIVEN, more = {}) =>
      runOnPty(["setup", ...args], { env: { ...env, ...more } }),
    who: async (code: string) =>
      awsCli(
        ["sts", "get-caller-identity", "--query", "Arn", "--output", "text"],
        { env },
        {
          profile: "mfabasedaccess",
          code,
        },
      ),
  };
}

type Newcomer = Awaited<ReturnType<typeof newcomer>>;

async function typesKeys(terminal: PtySession, { keys }: Newcomer) {
  await terminal.sees("Access key ID");
  terminal.answers(keys.id);
  await terminal.sees("Secret access key");
  terminal.answers(keys.secret);
}

async function typesTwoCodes(terminal: PtySession, { seed }: Newcomer) {
  const [first, second] = twoCodes(seed);
  await terminal.sees("Code shown by the app:");
  terminal.answers(first);
  await terminal.sees("Next code");
  terminal.answers(second);
}

async function typesCode(terminal: PtySession, { seed }: Newcomer) {
  await terminal.sees(/MFA code for/);
  terminal.answers(codeOf(seed));
}

describe("aws-mfa setup with a new access key", () => {
  test("leads to a session of the AWS CLI, and continues after Ctrl-C at each prompt", async () => {
    const alice = await newcomer("alice");
    const interrupted = async (at: string | RegExp, before: (terminal: PtySession) => Promise<void>) => {
      const terminal = alice.sits();
      await before(terminal);
      await terminal.sees(at);
      terminal.presses("\x03");
      expect(await terminal.ends()).toBe(130);
      expect(terminal.screen()).toContain("In this step: ");
      expect(terminal.screen()).toContain("Run the same command again to continue");
      expect(terminal.everything()).not.toContain(alice.keys.secret);
    };
    await interrupted("Access key ID", async () => {});
    await interrupted("Secret access key", async (terminal) => {
      await terminal.sees("Access key ID");
      terminal.answers(alice.keys.id);
    });
    expect(await alice.read("credentials")).toBe("");

    await interrupted("Code shown by the app:", (terminal) => typesKeys(terminal, alice));
    expect(await alice.read("credentials")).toBe(
      `[default]\naws_access_key_id = ${alice.keys.id}\naws_secret_access_key = ${alice.keys.secret}\n`,
    );
    expect((await stat(alice.file("credentials"))).mode & 0o777).toBe(0o600);

    await interrupted("MFA code for", (terminal) => typesTwoCodes(terminal, alice));

    const last = alice.sits();
    await typesCode(last, alice);
    expect(await last.ends()).toBe(0);
    expect(last.everything()).toContain(`already has the access key of arn:aws:iam::${ACCOUNT}:user/alice`);
    expect(last.everything()).toContain("already contains the profile mfabasedaccess");
    expect(last.everything()).toContain("is already enabled for alice");
    expect(last.screen()).toContain("export AWS_PROFILE=mfabasedaccess");

    const { printed, exitCode } = await alice.who(codeOf(alice.seed));
    expect({ exitCode, printed }).toEqual({
      exitCode: 0,
      printed: expect.stringContaining(`:assumed-role/MFABasedAccess/`),
    });
  });

  test("asks again for invalid input, and writes only an access key that AWS accepts", async () => {
    const bob = await newcomer("bob");
    const terminal = bob.sits();
    await terminal.sees("Access key ID");
    terminal.answers("ASIAIOSFODNN7EXAMPLE");
    await terminal.sees("a temporary key of a session");
    terminal.presses("\x7f".repeat(20));
    terminal.answers(bob.keys.id);
    await terminal.sees("Secret access key");
    terminal.answers("short");
    await terminal.sees("got 5 characters");
    terminal.presses("\x7f".repeat(5));
    terminal.answers("x".repeat(40));
    await terminal.sees(/Could not identify the caller[\s\S]*Access key ID/);
    expect(await bob.read("credentials")).toBe("");
    terminal.answers(bob.keys.id);
    await terminal.sees(/Secret access key[^*]*$/);
    terminal.answers(bob.keys.secret);
    await typesTwoCodes(terminal, bob);
    await terminal.sees("MFA code for");
    terminal.answers("000000");
    await terminal.sees("The code is wrong or was already used");
    terminal.answers(codeOf(bob.seed));
    expect(await terminal.ends()).toBe(0);
    expect(terminal.everything()).not.toContain(bob.keys.secret);
  });
});

describe("the settings from the administrator", () => {
  test("are asked for, with the user's device and the region as defaults", async () => {
    const carol = await newcomer("carol");
    const terminal = carol.sits(["--region", "eu-west-1"]);
    await typesKeys(terminal, carol);
    await terminal.sees("ARN of your role");
    terminal.answers("MFABasedAccess");
    await terminal.sees("Expected a role ARN, such as arn:aws:iam::111122223333:role/MFABasedAccess.");
    terminal.presses("\x7f".repeat(20));
    terminal.answers(ROLE);
    await terminal.sees(serialOf("carol"));
    terminal.answers("");
    await terminal.sees("Region: (eu-west-1)");
    terminal.answers("");
    await typesTwoCodes(terminal, carol);
    await typesCode(terminal, carol);
    expect(await terminal.ends()).toBe(0);
    expect(await carol.read("config")).toBe(
      `[profile mfabasedaccess]\nsource_profile = default\nrole_arn = ${ROLE}\nmfa_serial = ${serialOf("carol")}\nduration_seconds = 3600\nregion = eu-west-1\n`,
    );

    const again = carol.sits([]);
    await typesCode(again, carol);
    expect(await again.ends()).toBe(0);
    expect(again.everything()).toContain(`The profile mfabasedaccess already assumes ${ROLE}.`);
  });

  test("may be the output of profile --print for several roles, with the key in the environment", async () => {
    const dave = await newcomer("dave");
    const { stdout } = await runPlain(["profile", "dave", ...fixture.onStack, "--print"], {
      env: fixture.administrator,
    });
    const lines = join(await fixture.newHome(), "dave.txt");
    await writeFile(lines, stdout);
    const inEnvironment = { AWS_ACCESS_KEY_ID: dave.keys.id, AWS_SECRET_ACCESS_KEY: dave.keys.secret };
    const terminal = dave.sits(["--from", lines, "--source-profile", "work"], inEnvironment);
    await typesTwoCodes(terminal, dave);
    await typesCode(terminal, dave);
    expect(await terminal.ends()).toBe(0);
    expect(terminal.everything()).toContain("unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY");
    expect(await dave.read("credentials")).toContain(`[work]\naws_access_key_id = ${dave.keys.id}\n`);
    const config = await dave.read("config");
    expect(config).toContain("[profile mfabasedaccess-Deploy]\nsource_profile = work\n");
    expect(config).toContain("duration_seconds = 14400");
  });

  test("are refused if they contain a credential_process", async () => {
    const dave = await newcomer("dave");
    const lines = join(await fixture.newHome(), "dave.txt");
    await writeFile(
      lines,
      `[profile p]\nrole_arn = ${ROLE}\nmfa_serial = ${serialOf("dave")}\ncredential_process = /bin/x\n`,
    );
    const inEnvironment = { AWS_ACCESS_KEY_ID: dave.keys.id, AWS_SECRET_ACCESS_KEY: dave.keys.secret };
    const { code, stderr } = await runPlain(["setup", "--from", lines], {
      env: { ...dave.env, ...inEnvironment },
    });
    expect(code).toBe(7);
    expect(stderr).toContain("credential_process");
    expect(await dave.read("config")).toBe("");
  });
});

describe("existing credentials", () => {
  test("stay unchanged if AWS rejects them, or if the environment has another key", async () => {
    const { keys } = await newcomer("dave");
    const wrong = { id: "AKIAIOSFODNN7EXAMPLE", secret: "s".repeat(40) };
    for (const [own, environment, said] of [
      [wrong, undefined, "Could not identify the caller"],
      [
        keys,
        wrong,
        `The environment has the access key ${wrong.id}, but the profile default has a different one.`,
      ],
    ] as const) {
      const { env } = await fixture.member("dave", own);
      const file = join(env.HOME ?? "", ".aws", "credentials");
      const before = await readFile(file, "utf8");
      const more = environment && {
        AWS_ACCESS_KEY_ID: environment.id,
        AWS_SECRET_ACCESS_KEY: environment.secret,
      };
      const { code, stderr } = await runPlain(["setup", ...GIVEN], { env: { ...env, ...more } });
      expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining(said) });
      expect(await readFile(file, "utf8")).toBe(before);
    }
  });

  test("in the environment that are incomplete or temporary are refused with the variables to unset", async () => {
    const { env } = await newcomer("dave");
    for (const more of [
      { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE" },
      { AWS_ACCESS_KEY_ID: "ASIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "s", AWS_SESSION_TOKEN: "t" },
    ]) {
      const { code, stderr } = await runPlain(["setup", ...GIVEN], { env: { ...env, ...more } });
      expect({ code, stderr }).toEqual({
        code: 4,
        stderr: expect.stringContaining("unset AWS_ACCESS_KEY_ID"),
      });
    }
  });

  test("in a read-only file stay unchanged, and the error says why", async () => {
    const dave = await newcomer("dave");
    const inEnvironment = { AWS_ACCESS_KEY_ID: dave.keys.id, AWS_SECRET_ACCESS_KEY: dave.keys.secret };
    const home = await fixture.newHome();
    const file = join(home, ".aws", "credentials");
    await writeFile(file, "[default]\n");
    await chmod(file, 0o400);
    const env = { ...dave.env, HOME: home, ...inEnvironment };
    const { code, stderr } = await runPlain(["setup", ...GIVEN], { env });
    expect({ code, stderr }).toEqual({ code: 7, stderr: expect.stringContaining("is read-only") });
    expect(await readFile(file, "utf8")).toBe("[default]\n");
  });
});

test("aws-mfa setup names the environment variables to set if there is no terminal", async () => {
  const { env } = await newcomer("dave");
  const { code, stderr } = await runPlain(["setup", ...GIVEN], { env });
  expect(code).toBe(8);
  expect(stderr).toContain("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
});

test.skipIf(!hasSecretService)(
  "aws-mfa setup --keep-in keyring stores the secret of a new key only in the keyring",
  async () => {
    const erin = await newcomer("erin");
    const home = erin.env.HOME ?? "";
    const setup = (before: string) =>
      besideSecretService(
        `${before} "$0" "$1" setup --role-arn ${ROLE} --region us-east-1 --keep-in keyring || "$0" "$1" keys get ${erin.keys.id}`,
        [process.execPath, COMMAND],
        { folder: home, env: { ...erin.env, AWS_MFA_KEYRING: "on" } },
      );
    const printed = await setup(
      `export AWS_ACCESS_KEY_ID=${erin.keys.id} AWS_SECRET_ACCESS_KEY=${erin.keys.secret};`,
    );
    expect(printed).toContain(`SecretAccessKey":"${erin.keys.secret}"`);
    expect(await erin.read("credentials")).toMatch(
      /^\[default\]\ncredential_process = .* keys get AKIA\w+\n$/,
    );
    expect(await erin.read("config")).toContain(`role_arn = ${ROLE}`);
  },
);

describe("a command that npx runs", () => {
  test.each([["--one-code"], ["--keep-in", "keyring"]])(
    "refuses to write a profile that would run it: %s",
    async (...option) => {
      const { env, keys, read } = await newcomer("dave");
      const fetched = join(await fixture.newHome(), "_npx", "0123", "node_modules", "aws-mfa");
      for (const each of ["bin", "dist", "package.json"]) {
        await cp(join(COMMAND, "..", "..", each), join(fetched, each), { recursive: true });
      }
      const { exitCode, stderr } = await execa(
        process.execPath,
        [join(fetched, "bin", "aws-mfa.js"), "setup", ...GIVEN, ...option],
        {
          env: { ...env, AWS_ACCESS_KEY_ID: keys.id, AWS_SECRET_ACCESS_KEY: keys.secret },
          extendEnv: false,
          reject: false,
        },
      );
      expect(exitCode).toBe(7);
      expect(stderr).toContain("npm install --global");
      expect([await read("credentials"), await read("config")]).toEqual(["", ""]);
    },
  );
});
