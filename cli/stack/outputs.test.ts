import { chmod, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { twoCodes } from "../../local/demo/member";
import { runPlain } from "../testing/command";
import { type Fixture, openFixture, STACK } from "../testing/fixture";

let stage: Fixture;
let home: string;
let device: string;
beforeAll(async () => {
  stage = await openFixture(
    { "team-access:users": ["alice", { name: "bob", devices: ["phone", "backup"] }] },
    STACK,
    "team-access",
  );
  home = await stage.newHome();
  const { resources } = JSON.parse(await stage.pulumi("stack", "export")).deployment;
  device = resources.find(({ urn }: { urn: string }) => urn.endsWith("VirtualMfaDevice::alice")).urn;
});
afterAll(() => stage?.close());

const config = () => readFile(join(home, ".aws", "config"), "utf8");

async function run(name: string, args: readonly string[], input = "", env = {}) {
  await rm(join(home, ".aws", "config"), { force: true });
  return runPlain([name, ...stage.onStack, ...args], {
    env: { ...stage.administrator, HOME: home, ...env },
    input,
  });
}

/** Adds a user to the configuration, and updates another resource only, so that the user is not deployed. */
async function addedAndNotDeployed() {
  await stage.stack.configure({
    "team-access:users": ["alice", { name: "bob", devices: ["phone", "backup"] }, "carol"],
  });
  await stage.pulumi("up", "--yes", "--skip-preview", "--target", device);
  expect(JSON.parse(await stage.pulumi("stack", "output", "--json")).users.carol).toEqual({
    devices: [{ name: "phone" }],
    profiles: [expect.objectContaining({ name: "mfabasedaccess" })],
  });
}

describe("a project with another name", () => {
  test.each([
    ["profile", ["dora"]],
    ["enroll", ["dora", "--codes"]],
    ["offboard", ["dora", "--yes"]],
    ["replace", ["dora", "--yes", "--codes"]],
  ])("is the configuration namespace in the error of %s", async (name, args) => {
    const { code, stderr } = await run(name, args);
    expect(code).toBe(3);
    expect(stderr).toContain("Add the user to team-access:users and run pulumi up");
  });
});

test("the audit of a preview gives the same result as that of the stack's state", async () => {
  const audited = async (input: string) => {
    const { stdout } = await runPlain(["audit", "-", "--all", "--format", "json"], {
      env: stage.administrator,
      input,
    });
    const { places } = JSON.parse(stdout);
    return places.map(
      ({ name, subjects }: { name: string; subjects: { id: string; standing: string }[] }) => ({
        name,
        subjects: subjects.map(({ id, standing }) => `${standing} ${id}`).sort(),
      }),
    );
  };
  const [place] = await audited(await stage.pulumi("preview", "--json", "--show-sames"));
  expect(place.subjects).toContainEqual(expect.stringMatching(/^protected .*:Group::team-access$/));
  expect([place]).toEqual(await audited(await stage.pulumi("stack", "export")));
});

describe("a user who is configured but not deployed", () => {
  beforeAll(addedAndNotDeployed);

  test("has a row in status that says so, beside the other users", async () => {
    const { code, stdout } = await run("status", []);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^carol .* not deployed yet: pulumi up$/m);
    expect(stdout).toMatch(/^alice .*enable the device/m);
    const { users } = JSON.parse((await run("status", ["--json"])).stdout);
    expect(users[0]).toEqual({ user: "carol", deployed: false });
  });

  test.each([
    ["profile", []],
    ["enroll", ["--codes"]],
    ["offboard", ["--yes"]],
    ["replace", ["--yes", "--codes"]],
  ])("is refused by %s with this reason", async (name, more) => {
    const ended = await run(name, ["carol", ...more]);
    expect(ended).toMatchObject({ code: 3, stdout: "" });
    expect(ended.stderr).toContain("carol is in the configuration of the stack local, but not deployed yet.");
    expect(ended.stderr).not.toContain("undefined");
  });

  test("does not prevent profile and enroll for another user", async () => {
    expect((await run("profile", ["alice"])).code).toBe(0);
    expect(await config()).toContain("role_arn = arn:aws:iam::123456789012:role/MFABasedAccess\n");
    const codes = twoCodes(await stage.seedOf("alice")).join("\n");
    expect((await run("enroll", ["alice", "--codes"], codes)).code).toBe(0);
  });
});

describe("secrets", () => {
  test.each([
    ["phone", "bob"],
    ["backup", "bob/backup"],
  ])("of other devices are not read to enroll the %s", async (device, id) => {
    const { bin, calls } = await listening();
    const codes = twoCodes(await stage.seedOf(id)).join("\n");
    const { code } = await run("enroll", ["bob", "--device", device, "--codes"], codes, {
      PATH: `${bin}:${stage.administrator.PATH}`,
    });
    expect(code).toBe(0);
    const withSecrets = (await calls()).filter((call) => call.includes("--show-secrets"));
    expect(withSecrets).toEqual([
      expect.stringMatching(new RegExp(`^stack output seed:${id} --json --show-secrets `)),
    ]);
  });
});

/** A folder with a `pulumi` that logs its arguments and runs the real one. */
async function listening() {
  const bin = await stage.newHome();
  const log = join(bin, "log");
  await writeFile(
    join(bin, "pulumi"),
    `#!/bin/sh\necho "$*" >> '${log}'\nPATH='${stage.administrator.PATH}' exec pulumi "$@"\n`,
  );
  await chmod(join(bin, "pulumi"), 0o755);
  return { bin, calls: async () => (await readFile(log, "utf8")).trim().split("\n") };
}

interface UserOutputs {
  mfaSerial?: unknown;
  profile?: unknown;
  profiles?: unknown;
}

describe("changed outputs", () => {
  const TEXT = [
    "[profile mfabasedaccess]",
    "source_profile = default",
    "role_arn = arn:aws:iam::123456789012:role/MFABasedAccess",
    "mfa_serial = arn:aws:iam::123456789012:mfa/bob",
    "duration_seconds = 3600",
    "region = us-east-1",
  ];
  const changed = (change: (bob: UserOutputs, users: Record<string, UserOutputs>) => void) =>
    stage.changeOutputs((outputs) => {
      const users = outputs.users as Record<string, UserOutputs>;
      users.bob = { mfaSerial: "arn:aws:iam::123456789012:mfa/bob", profile: TEXT.join("\n") };
      for (const user of Object.keys(users)) if (user !== "alice" && user !== "bob") delete users[user];
      change(users.bob, users);
    });
  const values = (change: object) => [
    {
      name: "mfabasedaccess",
      roleArn: "arn:aws:iam::123456789012:role/MFABasedAccess",
      sourceProfile: "default",
      durationSeconds: 3600,
      region: "us-east-1",
      ...change,
    },
  ];

  test("with only the profile's text, as from an older program, are read", async () => {
    await changed(() => {});
    expect((await run("profile", ["bob"])).code).toBe(0);
    expect(await config()).toBe(`${TEXT.join("\n")}\n`);
  });

  test("with unknown settings add none of them to the profile", async () => {
    await changed((bob) => {
      bob.profiles = values({ credentialProcess: "/bin/evil", credential_process: "/bin/evil" });
    });
    expect((await run("profile", ["bob"])).code).toBe(0);
    expect(await config()).toBe(`${TEXT.join("\n")}\n`);
  });

  test.each<[string, (bob: UserOutputs) => void, string]>([
    [
      "a credential_process",
      (bob) => (bob.profile = [...TEXT, "credential_process = /bin/evil"].join("\n")),
      "credential_process",
    ],
    [
      "an endpoint_url",
      (bob) => (bob.profile = [...TEXT, "endpoint_url = http://evil"].join("\n")),
      "endpoint_url",
    ],
    [
      "nested settings",
      (bob) => (bob.profile = [...TEXT, "s3 =", "  endpoint_url = http://evil"].join("\n")),
      "s3",
    ],
    [
      "another section",
      (bob) => (bob.profile = [...TEXT, "[services x]", "region = eu-central-1"].join("\n")),
      "name",
    ],
    ["a continued value", (bob) => (bob.profile = [...TEXT, " credential_process = x"].join("\n")), "region"],
    [
      "a value of two lines",
      (bob) => (bob.profiles = values({ region: "us-east-1\ncredential_process = x" })),
      "region",
    ],
    [
      "a name that closes the section",
      (bob) => (bob.profiles = values({ name: "x]\ncredential_process = y\n[z" })),
      "name",
    ],
    [
      "a name that is an option",
      (bob) => (bob.profiles = values({ sourceProfile: "--end" })),
      "sourceProfile",
    ],
    ["an invalid role ARN", (bob) => (bob.profiles = values({ roleArn: "undefined" })), "roleArn"],
    ["profiles that are not a list", (bob) => (bob.profiles = "x"), "roleArn"],
    ["a profile that is not text", (bob) => (bob.profile = 7), "roleArn"],
  ])("with %s are refused, and nothing is written", async (_, change, found) => {
    await changed(change);
    const ended = await run("profile", ["bob"]);
    expect(ended).toMatchObject({ code: 3, stdout: "", stderr: expect.stringContaining(found) });
    expect(ended.stderr).toContain("Nothing was written.");
    await expect(config()).rejects.toThrow();
  });

  test("with an invalid device ARN are refused for that user only", async () => {
    await changed((bob) => {
      bob.mfaSerial = "--help\u001b[2J";
    });
    const { code, stderr } = await run("enroll", ["bob", "--codes"]);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringContaining("invalid device ARN"),
    });
    expect((await run("status", [])).stdout).toMatch(/^alice /m);
    expect((await run("profile", ["alice"])).code).toBe(0);
  });

  test.each(["../../x", "--yes", "a\nb", "a b"])("with the user name %j are refused", async (name) => {
    await changed((bob, users) => {
      users[name] = bob;
    });
    const status = await run("status", []);
    expect(status).toMatchObject({ code: 3, stderr: expect.stringContaining("users.") });
    // The command line itself refuses a line break.
    const offboard = await run("offboard", ["--yes", "--", name]);
    const refused = name.includes("\n")
      ? { code: 2, found: "a control character" }
      : { code: 3, found: "users." };
    expect(offboard).toMatchObject({ code: refused.code, stderr: expect.stringContaining(refused.found) });
  });
});
