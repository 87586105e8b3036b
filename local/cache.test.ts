import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cached, cacheFolder, preparedFolder } from "./cache";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "aws-mfa-cache-"));
  vi.stubEnv("XDG_CACHE_HOME", home);
  vi.stubEnv("HOME", home);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

const writing = (text: string) => (folder: string) => writeFile(join(folder, "file"), text);

describe("a folder of the cache", () => {
  test("is filled once and then reused", async () => {
    await preparedFolder("tool", writing("first"));
    const folder = await preparedFolder("tool", writing("second"));
    expect(await readFile(join(folder, "file"), "utf8")).toBe("first");
  });

  test("does not exist while it is being filled, nor after a failure", async () => {
    const failing = preparedFolder("tool", async (folder) => {
      await writing("half")(folder);
      expect(existsSync(cached("tool"))).toBe(false);
      throw new Error("the download broke off");
    });
    await expect(failing).rejects.toThrow("the download broke off");
    expect(await readdir(cacheFolder())).toEqual([]);
  });

  test("is the same for two concurrent callers", async () => {
    const [one, other] = await Promise.all([
      preparedFolder("tool", writing("one")),
      preparedFolder("tool", writing("other")),
    ]);
    expect(one).toBe(other);
    expect(["one", "other"]).toContain(await readFile(join(one, "file"), "utf8"));
    expect(await readdir(cacheFolder())).toEqual(["tool"]);
  });

  test("that a killed process left unfinished is removed by the next process", async () => {
    // Above the largest process id that Linux and macOS give out.
    await mkdir(join(cacheFolder(), "tool.unfinished-99999999-0a1b2c3d"), { recursive: true });
    await preparedFolder("tool", writing("whole"));
    expect(await readdir(cacheFolder())).toEqual(["tool"]);
  });
});
