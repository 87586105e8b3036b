import { chmod, mkdtemp, readdir, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SessionCredentials } from "../aws/session-credentials";
import { fileStore } from "./file-store";
import type { SecretStore } from "./secret-store";
import { fromJson, isUsable, toJson } from "./session";
import { SessionStore } from "./session-store";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "aws-mfa-store-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const sessionFor = (minutes: number, sessionToken = "token"): SessionCredentials => ({
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "secret",
  sessionToken,
  expiration: new Date(Date.now() + minutes * 60_000),
});

/** A keyring in memory, which fails while it is locked. */
function inMemory() {
  const texts = new Map<string, string>();
  let locked = false;
  const open = () => {
    if (locked) throw new Error("locked");
    return texts;
  };
  const vault: SecretStore = {
    read: async (name) => open().get(name),
    write: async (name, text) => {
      open().set(name, text);
    },
    forget: async (name) => open().delete(name),
  };
  return {
    vault,
    texts,
    lock: (yes: boolean) => {
      locked = yes;
    },
  };
}

describe("a cached session", () => {
  test("is only in the keyring if there is one", async () => {
    const { vault, texts } = inMemory();
    const store = new SessionStore(vault, fileStore(folder));
    const session = sessionFor(60);
    await store.write("a", session);
    expect([...texts.keys()]).toEqual(["a"]);
    expect(await readdir(folder)).toEqual([]);
    expect(await store.read("a")).toEqual(session);
    expect(await store.read("b")).toBeUndefined();
  });

  test("is in a file that only its owner can read if the keyring is locked", async () => {
    const { vault, lock } = inMemory();
    const store = new SessionStore(vault, fileStore(folder));
    lock(true);
    await store.write("a", sessionFor(60));
    expect((await store.read("a"))?.sessionToken).toBe("token");
    expect((await stat(join(folder, "a.json"))).mode & 0o777).toBe(0o600);
  });

  test("is removed from the file as soon as the keyring stores a new one", async () => {
    const { vault, lock } = inMemory();
    const store = new SessionStore(vault, fileStore(folder));
    lock(true);
    await store.write("a", sessionFor(4));
    lock(false);
    await store.write("a", sessionFor(60, "new"));
    expect(await readdir(folder)).toEqual([]);
    expect((await store.read("a"))?.sessionToken).toBe("new");
  });

  test("is read from the keyring if the one in the file is about to expire", async () => {
    const { vault } = inMemory();
    const files = fileStore(folder);
    await files.write("a", toJson(sessionFor(1, "old")));
    await vault.write("a", toJson(sessionFor(60, "new")));
    expect((await new SessionStore(vault, files).read("a"))?.sessionToken).toBe("new");
  });

  test("is deleted from the keyring and from the file", async () => {
    const { vault, texts } = inMemory();
    const files = fileStore(folder);
    await files.write("a", "1");
    await vault.write("a", "2");
    const store = new SessionStore(vault, files);
    expect(await store.forget("a")).toBe(true);
    expect(await readdir(folder)).toEqual([]);
    expect([...texts]).toEqual([]);
    expect(await store.forget("a")).toBe(false);
  });

  test.skipIf(process.platform === "win32")("is removed if others can read its file", async () => {
    const files = fileStore(folder);
    await files.write("a", toJson(sessionFor(60)));
    await chmod(join(folder, "a.json"), 0o640);
    expect(await files.read("a")).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });

  test.skipIf(process.platform === "win32")("is not read if others can write to its folder", async () => {
    const files = fileStore(folder);
    await files.write("a", toJson(sessionFor(60)));
    await chmod(folder, 0o770);
    expect(await files.read("a")).toBeUndefined();
    await expect(files.write("a", "x")).rejects.toMatchObject({ exit: "file" });
    await chmod(folder, 0o700);
    expect(await files.read("a")).toBeDefined();
  });

  test.skipIf(process.platform === "win32")("is not read through a link", async () => {
    const files = fileStore(folder);
    await files.write("a", toJson(sessionFor(60)));
    await symlink("a.json", join(folder, "b.json"));
    await expect(files.read("b")).rejects.toMatchObject({ code: "ELOOP" });
  });

  test("that cannot be written is an error that names the folder", async () => {
    const files = fileStore(join(folder, "a.json", "below"));
    await fileStore(folder).write("a", "x");
    await expect(files.write("b", "x")).rejects.toMatchObject({
      exit: "file",
      problem: expect.stringContaining(`cannot be cached in ${folder}`),
    });
  });
});

describe("a session", () => {
  test("is usable until five minutes before it expires", () => {
    const now = Date.now();
    const left = (seconds: number) =>
      isUsable({ ...sessionFor(0), expiration: new Date(now + seconds * 1000) }, now);
    expect([301, 300, 0, -1].map(left)).toEqual([true, false, false, false]);
    expect(isUsable(undefined)).toBe(false);
  });

  test("is unchanged after serialization", () => {
    const text = fc.string({ minLength: 1 });
    const expiration = fc.date({ min: new Date(0), max: new Date("9999-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(
        fc.record({ accessKeyId: text, secretAccessKey: text, sessionToken: text, expiration }),
        (session) => {
          expect(fromJson(toJson(session))).toEqual(session);
        },
      ),
    );
  });

  test("is not read from any other text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(fromJson(text)).toBeUndefined();
      }),
    );
    const whole = JSON.parse(toJson(sessionFor(60)));
    for (const key of Object.keys(whole)) {
      expect(fromJson(JSON.stringify({ ...whole, [key]: undefined }))).toBeUndefined();
      expect(fromJson(JSON.stringify({ ...whole, [key]: "" }))).toBeUndefined();
    }
  });
});
