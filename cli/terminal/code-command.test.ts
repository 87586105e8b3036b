import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { timeoutMs, timeoutOption } from "../timeout";
import { codeFrom } from "./code-command";

/** Not below /tmp, to which everyone can write. */
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

describe("the code of a program", () => {
  test.each([
    ["alone, as op and pass print it", "echo 123456"],
    ["with a space, as apps show it", "echo '123 456'"],
    ["after the account, as ykman prints it", "echo 'Amazon Web Services:alice  123456'"],
  ])("is read %s", async (_, body) => {
    expect(await codeFrom(await program(body))).toBe("123456");
  });

  test("is requested without a shell: only quotes have a meaning", async () => {
    const path = await program('[ "$1" = "a b" ] && [ "$2" = \'$(id);x\' ] && [ "$3" = "c" ] && echo 123456');
    expect(await codeFrom(`${path} "a b" '$(id);x' c`)).toBe("123456");
  });

  test.each([
    [
      "that is not six digits",
      "echo secret-of-mine 12345",
      /Expected a six-digit code from \S+, got \d+ characters/,
    ],
    ["of a program that fails", "exit 3", /exited with code 3/],
    ["with endless output", "yes secret-of-mine", /printed too much/],
  ])("%s is refused, and the error repeats neither the output nor the arguments", async (_, body, said) => {
    const error = await codeFrom(`${await program(body)} --token secret-of-mine`).catch(
      (each: Error) => each,
    );
    expect(String(error)).toMatch(said);
    expect(String(error)).not.toContain("secret-of-mine");
  });

  test("is not awaited longer than three times the timeout", async () => {
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

describe("a program is not run", () => {
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
  ])("if others can write to %s", async (_, made) => {
    await expect(codeFrom(await made())).rejects.toThrow(
      /was not run: .* can be written by other users[\s\S]*chmod go-w/,
    );
  });

  test("if it does not exist or is a folder", async () => {
    for (const name of [join(folder, "none"), folder, "no-such-program-anywhere"]) {
      await expect(codeFrom(name)).rejects.toThrow("is not an executable program");
    }
  });
});
