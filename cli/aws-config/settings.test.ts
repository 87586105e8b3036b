import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { findSettings } from "./settings";

test("a profile has the settings of both files, the credentials file first, and exists only if one of them has it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "aws-mfa-settings-"));
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });
  for (const [variable, name, text] of [
    ["AWS_CONFIG_FILE", "config", "[profile ops]\nregion = eu-west-1\noutput = json\n"],
    ["AWS_SHARED_CREDENTIALS_FILE", "credentials", "[ops]\nregion = eu-west-3\n"],
  ] as const) {
    await writeFile(join(folder, name), text);
    vi.stubEnv(variable, join(folder, name));
  }
  expect(await findSettings("ops")).toEqual({ region: "eu-west-3", output: "json" });
  for (const missing of ["dev", "constructor", "__proto__"])
    expect(await findSettings(missing)).toBeUndefined();
});
