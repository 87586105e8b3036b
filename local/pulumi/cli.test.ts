import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { Unavailable } from "../unavailable";
import { pulumiCli } from "./cli";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

test("without a Pulumi CLI, a network or Go, one error names the attempts and what to install", async () => {
  const empty = await mkdtemp(join(tmpdir(), "aws-mfa-cli-"));
  onTestFinished(() => rm(empty, { recursive: true, force: true }));
  vi.stubEnv("AWS_MFA_PULUMI", "");
  vi.stubEnv("PATH", empty);
  vi.stubEnv("XDG_CACHE_HOME", empty);
  // Where the cache is on macOS.
  vi.stubEnv("HOME", empty);
  vi.stubGlobal("fetch", () => Promise.reject(new Error("no network")));

  const error = await pulumiCli().catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(Unavailable);
  for (const part of [
    "on PATH",
    "the official installer, 3.274.1",
    "unreachable",
    "a build from Go modules",
    "go.dev/dl",
  ]) {
    expect(String(error)).toContain(part);
  }
  const left = (await readdir(empty, { recursive: true })).filter((entry) => entry.includes("pulumi-"));
  expect(left).toEqual([]);
});

test("an invalid AWS_MFA_PULUMI is rejected with the allowed values", async () => {
  vi.stubEnv("AWS_MFA_PULUMI", "3.200");
  await expect(pulumiCli()).rejects.toThrow(
    'AWS_MFA_PULUMI is "3.200".\nSet it to pinned or oldest, or leave it out',
  );
});
