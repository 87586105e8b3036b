import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runPlain } from "../testing/command";
import { HOSTILE, hostileServer } from "../testing/hostile-server";

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "aws-mfa-hostile-"));
  await mkdir(join(home, ".aws"));
  const role = "arn:aws:iam::111122223333:role/MFABasedAccess";
  await writeFile(
    join(home, ".aws", "config"),
    `[profile mfabasedaccess]\nrole_arn = ${role}\nsource_profile = default\nmfa_serial = arn:aws:iam::111122223333:mfa/alice\n` +
      `[profile codeless]\nrole_arn = ${role}\nsource_profile = default\n`,
  );
  await writeFile(
    join(home, ".aws", "credentials"),
    "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
  );
});
afterAll(() => rm(home, { recursive: true }));

/** Runs a command against a server. It returns only when the process has ended. */
async function against(what: string, args: readonly string[], account?: string) {
  const server = await hostileServer(what, account);
  try {
    const env = { HOME: home, AWS_EC2_METADATA_DISABLED: "true", AWS_MFA_KEYRING: "off", ...server.env };
    return await runPlain(args, { env: { ...env, AWS_MFA_TIMEOUT: "1" }, input: "123456\n" });
  } finally {
    await server.close();
  }
}

describe.concurrent("a server in AWS's place", () => {
  test.each(HOSTILE.map((what) => [what]))("that %s counts as AWS being unreachable", async (what) => {
    const { code, stdout, stderr } = await against(what, ["verify"]);
    expect(stdout + stderr).toMatch(/AWS cannot be reached/);
    expect(code).toBe(6);
  });

  test.each([
    ["gives an answer that lacks everything", ["session", "--code"], 6],
    ["gives an answer that lacks everything", ["enroll", "--self", "--codes"], 6],
    ["gives an answer that lacks everything", ["exec", "codeless", "--", "true"], 6],
    ["gives nothing", ["audit", "--organization", "any"], 2],
    ["gives JSON", ["audit", "--organization", "any"], 2],
  ])(
    "that %s after GetCallerIdentity is reported as unreachable by %j, with exit code %i",
    async (what, args, exit) => {
      const { code, stdout, stderr } = await against(what, args, "111122223333");
      expect(stdout + stderr).toMatch(/AWS cannot be reached/);
      expect(code).toBe(exit);
    },
  );
});
