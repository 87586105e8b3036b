import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { besideSecretService, hasSecretService } from "../testing/secret-service";
import { keyringBehind } from "./keyring";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aws-mfa-keyring-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** More than a busy machine needs. */
const PATIENT_MS = 600_000;
const PROCESS = join(__dirname, "..", "dist", "keyring-process.mjs");

async function script(text: string): Promise<string> {
  const path = join(folder, `${Math.random()}.cjs`);
  await writeFile(path, text);
  return path;
}

describe("the keyring process", () => {
  test("gets the secret on standard input, not in its arguments", async () => {
    const seen = join(folder, "seen");
    const stand = await script(
      `require("node:fs").writeFileSync(${JSON.stringify(seen)}, JSON.stringify([process.argv.slice(2), require("node:fs").readFileSync(0, "utf8")]));`,
    );
    await keyringBehind(stand, PATIENT_MS).write("a name", "a secret");
    expect(JSON.parse(await readFile(seen, "utf8"))).toEqual([["write", "a name"], "a secret"]);
  });

  test("is abandoned if it hangs and ignores SIGTERM", async () => {
    const hanging = await script(
      'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); process.stdin.resume();',
    );
    await expect(keyringBehind(hanging, 300).read("a")).rejects.toThrow("the keyring does not respond");
  });

  test("is not started again after it hung", async () => {
    const runs = join(folder, "runs");
    const hanging = await script(
      `require("node:fs").appendFileSync(${JSON.stringify(runs)}, "x"); setInterval(() => {}, 1000);`,
    );
    const vault = keyringBehind(hanging, 2_000);
    const { read, write, forget } = vault;
    for (const request of [() => read("a"), () => read("a"), () => write("a", "b"), () => forget("a")]) {
      await expect(request()).rejects.toThrow("does not respond");
    }
    // A busy machine may not even have started the first.
    expect(await readFile(runs, "utf8").catch(() => "")).toMatch(/^x?$/);
  });

  test("is reported as not responding if it exits before it reads the secret", async () => {
    const failing = await script("process.exit(1)");
    await expect(keyringBehind(failing, PATIENT_MS).write("a", "x".repeat(1_000_000))).rejects.toThrow(
      "does not respond",
    );
  });

  test.skipIf(process.platform !== "linux")("exits with 1 if no keyring can be reached", async () => {
    const { exitCode, stdout, stderr } = await execa(process.execPath, [PROCESS, "read", "a"], {
      reject: false,
      extendEnv: false,
      env: { DBUS_SESSION_BUS_ADDRESS: "unix:path=/nowhere" },
    });
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 1, stdout: "", stderr: "" });
  });

  test.skipIf(!hasSecretService)("writes, reads, and deletes secrets in a real Secret Service", async () => {
    const steps = `
      printf 'a secret' | "$0" "$1" write a; echo $?
      "$0" "$1" read a; echo " $?"
      "$0" "$1" read b; echo $?
      "$0" "$1" forget a; echo $?
      "$0" "$1" read a; echo $?
      "$0" "$1" forget a; echo $?`;
    const env = { PATH: process.env.PATH ?? "" };
    const stdout = await besideSecretService(steps, [process.execPath, PROCESS], { folder, env });
    expect(stdout.split("\n")).toEqual(["0", "a secret 0", "3", "0", "3", "3"]);
  });
});
