import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { timeoutMs, timeoutOption } from "../timeout";
import { codeFrom } from "./code-command";

/** Not below /tmp, which everybody may write. */
let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(homedir(), ".aws-mfa-test-")));
});
afterAll(() => rm(folder, { recursive: true }));

async function program(body: string, name = "prints", mode = 0o700): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, mode);
  return path;
}

describe("a program's code", () => {
  test.each([
    ["alone, as op and pass print it", "echo 123456"],
    ["with a space, as apps show it", "echo '123 456'"],
    ["after the account, as ykman prints it", "echo 'Amazon Web Services:alice  123456'"],
  ])("is taken %s", async (_, body) => {
    expect(await codeFrom(await program(body))).toBe("123456");
  });

  test("is asked for without a shell: nothing but quotes has a meaning", async () => {
    const path = await program('[ "$1" = "a b" ] && [ "$2" = \'$(id);x\' ] && [ "$3" = "c" ] && echo 123456');
    expect(await codeFrom(`${path} "a b" '$(id);x' c`)).toBe("123456");
  });

  test.each([
    ["not a code", "echo secret-of-mine 12345", /Expected a six-digit code from \S+, got \d+ characters/],
    ["nothing", "exit 3", /exited with code 3/],
    ["no end", "yes secret-of-mine", /printed too much/],
  ])(
    "that is %s is refused, and nothing that was printed is repeated, nor an argument",
    async (_, body, said) => {
      const error = await codeFrom(`${await program(body)} --token secret-of-mine`).catch(
        (each: Error) => each,
      );
      expect(String(error)).toMatch(said);
      expect(String(error)).not.toContain("secret-of-mine");
    },
  );

  test("is not waited for without end", async () => {
    timeoutOption().parseArg?.("1", undefined);
    try {
      await expect(codeFrom(await program("sleep 600"))).rejects.toThrow(
        `printed no code for ${(3 * timeoutMs()) / 1000} s`,
      );
    } finally {
      timeoutOption().parseArg?.("20", undefined);
    }
  });
});

describe("a program that others could have changed is not run", () => {
  test.each([
    ["it", async () => program("echo 123456", "shared", 0o722)],
    [
      "its folder",
      async () => {
        await mkdir(join(folder, "open"));
        const path = await program("echo 123456", join("open", "prints"));
        await chmod(join(folder, "open"), 0o777);
        return path;
      },
    ],
    [
      "the folder of a link to it",
      async () => {
        await mkdir(join(folder, "links"));
        await symlink(await program("echo 123456"), join(folder, "links", "to"));
        await chmod(join(folder, "links"), 0o1777);
        return join(folder, "links", "to");
      },
    ],
  ])("where they can write %s", async (_, made) => {
    await expect(codeFrom(await made())).rejects.toThrow(
      /was not run: .* can be written by other users[\s\S]*chmod go-w/,
    );
  });

  test("nor is one that is not there, or is a folder", async () => {
    for (const name of [join(folder, "none"), folder, "no-such-program-anywhere"]) {
      await expect(codeFrom(name)).rejects.toThrow("is not an executable program");
    }
  });
});
