import { mkdtemp, rm, symlink } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { IAM } from "@aws-sdk/client-iam";
import { execa } from "execa";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { localClient } from "../../local/aws/root";
import { type Moto, startMoto } from "../../local/moto/server";
import { Unavailable } from "../../local/unavailable";
import { failureOf, openScene } from "./scene";

const ROOT = join(__dirname, "../..");

afterEach(() => vi.unstubAllEnvs());

describe("moto", () => {
  test("reports a port that another program uses, and what to do", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    const error = await startMoto({ port }).catch((thrown: unknown) => thrown);
    other.close();
    expect(error).toBeInstanceOf(Unavailable);
    expect(String(error)).toContain(`Another program uses port ${port} on 127.0.0.1`);
    expect(String(error)).toContain("Stop that program, or use another port");
  });

  test("reports that Python is missing, and what to install", async () => {
    vi.stubEnv("PATH", await folderWith("node"));
    const error = await startMoto().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Unavailable);
    expect(String(error)).toContain("No Python was found on PATH");
    expect(String(error)).toContain("Install Python 3.10 or newer");
  });

  test("answers 300 concurrent calls", async () => {
    const moto = await startMoto();
    onTestFinished(() => moto.stop());
    const iam = new IAM({ ...localClient(moto.endpoint), maxAttempts: 1 });
    const calls = Array.from({ length: 300 }, (_, nth) =>
      nth % 6 === 0
        ? iam.getAccountAuthorizationDetails({ Filter: ["User"] })
        : iam.createUser({ UserName: `user-${nth}` }),
    );
    const answers = await Promise.allSettled(calls);
    expect(answers.filter(({ status }) => status === "rejected")).toEqual([]);
  });

  test("that dies is reported with its log, and pulumi up fails because no local AWS answers", async () => {
    const { moto, access, close } = await openScene();
    onTestFinished(close);
    // The log of a moto that died is left for whoever looks for the cause.
    onTestFinished(() => rm(dirname(moto.logFile), { recursive: true, force: true }));
    const stack = await access({ users: ["alice"] });
    process.kill(moto.processId, "SIGKILL");
    const error = await moto.died.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Unavailable);
    expect(String(error)).toContain(moto.logFile);
    expect(await failureOf(stack.up())).toContain(`no local AWS answers at ${moto.endpoint}`);
  });

  test("ends after the process that started it is killed", async () => {
    const script = `require("./local/moto/server").startMoto().then((moto) => { console.log(JSON.stringify(moto)); setInterval(() => {}, 1000); });`;
    const parent = execa("node", ["--require", "tsx/cjs", "--eval", script], { cwd: ROOT, reject: false });
    const moto = await new Promise<Moto>((resolve) => {
      parent.stdout?.once("data", (line: Buffer) => resolve(JSON.parse(line.toString())));
    });
    onTestFinished(() => rm(dirname(moto.logFile), { recursive: true, force: true }));
    expect(isRunning(moto.processId)).toBe(true);
    parent.kill("SIGKILL");
    await parent;
    await expect.poll(() => isRunning(moto.processId)).toBe(false);
  });
});

/** A folder that has this one program: a PATH without anything else. */
async function folderWith(program: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "aws-mfa-path-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await symlink(join(dirname(process.execPath), program), join(folder, program));
  return folder;
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
