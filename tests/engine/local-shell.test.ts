import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { type PtySession, spawnOnPty } from "../../cli/testing/pty";
import { codeOf } from "../../local/demo/member";

const ROOT = resolve(__dirname, "../..");

let temporary: string;
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "aws-mfa-shell-"));
  return () => rm(temporary, { recursive: true });
});

/** `npm run local`, without the build. */
function start(): PtySession {
  const { HOME = "", PATH = "" } = process.env;
  const env = { HOME, PATH, TMPDIR: temporary, TERM: "xterm-256color", SHELL: "/bin/sh" };
  const tsx = join(ROOT, "node_modules", "tsx", "dist", "cli.mjs");
  const args = [tsx, join(ROOT, "local", "shell.ts"), "--show-seed"];
  const sitting = spawnOnPty(process.execPath, args, { env, cwd: ROOT }, { columns: 120, rows: 60 });
  onTestFinished(() => sitting.kill("SIGKILL"));
  return sitting;
}

/** What runs with the folder for temporary files: whatever was started, and whatever that has started. */
async function running(): Promise<readonly string[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(
    ids.map((id) => readFile(`/proc/${id}/environ`, "utf8").catch(() => "")),
  );
  return ids.filter((_, nth) => environments[nth]?.includes(temporary));
}

async function expectNothingLeft() {
  expect(await running()).toEqual([]);
  // tsx and ts-node keep what they have compiled.
  expect((await readdir(temporary)).filter((name) => name.startsWith("aws-mfa-"))).toEqual([]);
}

async function seedOn(sitting: PtySession): Promise<string> {
  await sitting.sees(/Seed: [A-Z2-7]{16,}[\s\S]*Code shown by the app:/);
  return /Seed: ([A-Z2-7]+)/.exec(sitting.screen())?.[1] ?? "";
}

test("npm run local opens a shell for alice, who needs an MFA code, and leaves nothing behind", async () => {
  const sitting = start();
  const seed = await seedOn(sitting);
  const now = Date.now();
  sitting.answers(codeOf(seed, now - 30_000));
  await sitting.sees("Next code");
  sitting.answers(codeOf(seed, now));
  // With the prompt: what is typed before it may be lost.
  await sitting.sees(/keeps nothing\.\n\S*[#$]/);

  sitting.answers("aws sts get-caller-identity --query Arn");
  await sitting.sees(":user/alice");
  sitting.answers("aws s3 ls");
  await sitting.sees("with an explicit deny in an identity-based policy");
  sitting.answers("AWS_PROFILE=mfabasedaccess aws s3 ls");
  await sitting.sees("Enter MFA code for");
  // A later code than the two, and not a stale one.
  sitting.answers(codeOf(seed, Math.max(now + 30_000, Date.now())));
  await sitting.sees("quarterly-reports");

  expect((await running()).length).toBeGreaterThan(0);
  sitting.answers("exit");
  expect(await sitting.ends()).toBe(0);
  await expectNothingLeft();
});

test("Ctrl-C ends npm run local and leaves nothing behind", async () => {
  const sitting = start();
  await seedOn(sitting);
  sitting.presses("\x03");
  expect(await sitting.ends()).toBe(130);
  await expectNothingLeft();
});
