import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runPlain } from "../../testing/command";
import { bundle } from "./bundle.cjs";
import { documentOf } from "./document";

const OPEN_TRUST = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}}`;

describe("aws-mfa audit --html", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "audit-html-"));
    await writeFile(join(folder, "role.json"), OPEN_TRUST);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const audit = (html: string) =>
    runPlain(["audit", "role.json", "--format", "json", "--html", html], { env: {}, cwd: folder });

  test("writes the report that it prints as a page, with the script and style of this version", async () => {
    const { code, stdout, stderr } = await audit("page.html");
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    const page = await readFile(join(folder, "page.html"), "utf8");
    // The page counts by itself what was not looked at.
    const { notLookedAt, ...report } = JSON.parse(stdout);
    expect(notLookedAt).toEqual({});
    expect(page).toBe(documentOf(report, bundle()));
  });

  test("exits with 2 and says why if the page cannot be written", async () => {
    const { code, stderr } = await audit("missing/page.html");
    expect(code).toBe(2);
    expect(stderr).toContain("missing/page.html cannot be written: it does not exist (ENOENT).");
  });
});
