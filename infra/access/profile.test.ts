import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSharedConfigFiles } from "@smithy/core/config";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { type ProfileRole, profilesFor, profileText } from "./profile";

const folder = mkdtempSync(join(tmpdir(), "profile-"));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;

/** The profiles as the AWS SDK parses them. */
async function readBySdk(text: string) {
  const file = join(folder, `config-${count++}`);
  writeFileSync(file, text);
  return (await loadSharedConfigFiles({ configFilepath: file, filepath: join(folder, "none") })).configFile;
}

const settings = {
  profileName: "mfabasedaccess",
  sourceProfile: "default",
  region: "eu-central-1",
};
const textFor = (roles: readonly ProfileRole[], profileName = settings.profileName) =>
  profileText(profilesFor({ ...settings, profileName, roles }), "arn:aws:iam::111122223333:mfa/alice");

const role = (name: string, sessionSeconds = 3600) => ({
  name,
  arn: `arn:aws:iam::111122223333:role/${name}`,
  sessionSeconds,
});

describe("the profile text", () => {
  test("sets the source profile, role, MFA device, session duration and region", async () => {
    expect(await readBySdk(textFor([role("MFABasedAccess")]))).toEqual({
      mfabasedaccess: {
        source_profile: "default",
        role_arn: "arn:aws:iam::111122223333:role/MFABasedAccess",
        mfa_serial: "arn:aws:iam::111122223333:mfa/alice",
        duration_seconds: "3600",
        region: "eu-central-1",
      },
    });
  });

  test("begins with its name, role and MFA device: pulumi up prints only three lines", () => {
    expect(
      textFor([role("MFABasedAccess")])
        .split("\n")
        .slice(0, 3),
    ).toEqual([
      "[profile mfabasedaccess]",
      "role_arn = arn:aws:iam::111122223333:role/MFABasedAccess",
      "mfa_serial = arn:aws:iam::111122223333:mfa/alice",
    ]);
  });

  test("warns that work longer than the session is interrupted", () => {
    expect(textFor([role("A")])).toMatch(/# .*interrupted/);
  });

  test("is only a comment if the user may assume no role", async () => {
    const text = textFor([]);
    expect(text).toMatch(/^# No role/);
    expect(await readBySdk(text)).toEqual({});
  });

  test("contains a profile for each role, which the AWS SDK parses to the same values", async () => {
    const roleName = fc.stringMatching(/^[\w+=,.@-]{1,64}$/);
    const roles = fc.uniqueArray(
      fc.record({ name: roleName, sessionSeconds: fc.integer({ min: 3600, max: 43200 }) }),
      {
        minLength: 1,
        maxLength: 5,
        selector: ({ name }) => name.toLowerCase().replaceAll(/[=,]/g, "-"),
      },
    );
    await fc.assert(
      fc.asyncProperty(roles, fc.stringMatching(/^[\w.@+-]{1,64}$/), async (found, profileName) => {
        fc.pre(!["__proto__", "constructor"].includes(profileName));
        const expected = found.map(({ name, sessionSeconds }) => role(name, sessionSeconds));
        const profiles = Object.values(await readBySdk(textFor(expected, profileName)));
        expect(profiles.map((profile) => [profile?.role_arn, profile?.duration_seconds])).toEqual(
          expected.map(({ arn, sessionSeconds }) => [arn, String(sessionSeconds)]),
        );
      }),
    );
  });
});
