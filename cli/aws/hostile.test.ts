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
    `[profile mfabasedaccess]\nrole_arn = ${role}\nsource_profile = default\nmfa_serial = arn:aws:iam::111122223333:mfa/alice\n`,
  );
  await writeFile(
    join(home, ".aws", "credentials"),
    "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
  );
});
afterAll(() => rm(home, { recursive: true }));

/** Runs a command against a server. It comes back only when the process is gone. */
async function against(what: string, args: readonly string[]) {
  const server = await hostileServer(what);
  try {
    const env = { HOME: home, AWS_EC2_METADATA_DISABLED: "true", AWS_MFA_KEYRING: "off", ...server.env };
    return await runPlain([...args, "--timeout", "1"], { env });
  } finally {
    await server.close();
  }
}

describe.concurrent("where AWS should be, something", () => {
  test.each(HOSTILE.map((what) => [what]))(
    "that %s is AWS out of reach, and nothing about the user",
    async (what) => {
      const { code, stdout, stderr } = await against(what, ["verify"]);
      expect(stdout + stderr).toMatch(/AWS is out of reach/);
      expect(code).toBe(6);
    },
  );
});
