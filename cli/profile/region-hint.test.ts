import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runPlain } from "../testing/command";

const ACCOUNT = "arn:aws:iam::111122223333:";
const FLAGS = ["profile", "--role-arn", `${ACCOUNT}role/any`, "--mfa-serial", `${ACCOUNT}mfa/alice`];
const HINT =
  "The profile mfabasedaccess has no region, which the AWS CLI needs for most services: " +
  "aws configure set region REGION --profile mfabasedaccess";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "aws-mfa-region-"));
});
afterEach(() => rm(home, { recursive: true }));

const profile = (more: string[] = [], env = {}) =>
  runPlain([...FLAGS, ...more], { env: { HOME: home, ...env } });

describe("a profile without a region", () => {
  test.each([[[]], [["--print"]], [["--one-code"]], [["--for", "aws-vault"]]])(
    "gets a hint about the missing region: %j",
    async (more) => {
      expect(await profile(more)).toMatchObject({ code: 0, stderr: HINT });
    },
  );

  test("gets the hint even if its source has a region, which the AWS CLI does not use", async () => {
    await write("[default]\nregion = eu-central-1\n");
    expect((await profile()).stderr).toBe(HINT);
    expect(await readFile(join(home, ".aws", "config"), "utf8")).toContain("[profile mfabasedaccess]");
  });
});

describe("there is no hint", () => {
  test("if a flag gives the region", async () => {
    expect((await profile(["--region", "eu-central-1"])).stderr).toBe("");
  });

  test.each(["AWS_REGION", "AWS_DEFAULT_REGION"])("if %s gives the region", async (name) => {
    expect((await profile([], { [name]: "eu-central-1" })).stderr).toBe("");
  });

  test("if the profile already has a region", async () => {
    await write("[profile mfabasedaccess]\nregion = eu-central-1\n");
    expect((await profile(["--yes"])).stderr).not.toContain("has no region");
  });
});

async function write(text: string) {
  await mkdir(join(home, ".aws"));
  await writeFile(join(home, ".aws", "config"), text);
}
