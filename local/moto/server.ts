import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { execa } from "execa";
import { Unavailable } from "../unavailable";
import { pythonEnvironment } from "./environment";

const SCRIPT = join(__dirname, "serve.py");
/** Usually it takes about three seconds. */
const READY_MS = 120_000;

export interface Moto {
  /** The value of `AWS_ENDPOINT_URL`, such as `http://127.0.0.1:43193`. */
  readonly endpoint: string;
  readonly processId: number;
  /** Has a line for each request. */
  readonly logFile: string;
  /** Rejects with `Unavailable` if moto ends without being stopped. */
  readonly died: Promise<never>;
  /** Stops it and removes its files; after a crash the log stays. */
  stop(): Promise<void>;
}

/**
 * Starts moto on `port` or on a free port, and waits until it responds. It ends with this process, even if this process is killed.
 *
 * @throws Unavailable if the port is in use, Python is missing, or moto does not start
 */
export async function startMoto(options: { port?: number } = {}): Promise<Moto> {
  const python = await pythonEnvironment();
  const folder = await mkdtemp(join(tmpdir(), "aws-mfa-moto-"));
  const logFile = join(folder, "moto.log");
  const log = createWriteStream(logFile);

  const child = execa(python, ["-u", SCRIPT, String(options.port ?? 0)], {
    reject: false,
    // By default moto does not have AWS's managed policies.
    env: { MOTO_IAM_LOAD_MANAGED_POLICIES: "true" },
    stdin: "pipe",
    // Its own process group: on Ctrl-C, the parent stops moto after the programs that use it.
    detached: true,
    forceKillAfterDelay: 2_000,
  });
  child.stderr.pipe(log);
  const ended = child.then(({ exitCode, signal }) => signal ?? `exit code ${exitCode}`);

  let stopped = false;
  const died = ended.then((how): Promise<never> | never => {
    if (stopped) return new Promise<never>(() => {});
    throw new Unavailable(
      `moto, the stand-in for AWS, ended unexpectedly (${how}).`,
      `See its log ${logFile} for the cause, then try again.`,
    );
  });
  died.catch(() => {});

  const stop = async () => {
    stopped = true;
    child.stdin.end();
    child.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };

  const timer = setTimeout(() => child.kill("SIGKILL"), READY_MS);
  try {
    const port = await Promise.race([announcedPort(child.stdout, options.port), died]);
    return { endpoint: `http://127.0.0.1:${port}`, processId: child.pid ?? 0, logFile, died, stop };
  } catch (error) {
    if (!stopped && child.exitCode === null) await stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function announcedPort(output: Readable, asked: number | undefined): Promise<number> {
  for await (const line of createInterface({ input: output })) {
    const [word, port] = line.split(" ");
    if (word === "ready") return Number(port);
    if (word === "taken") {
      throw new Unavailable(
        `Another program uses port ${asked} on 127.0.0.1, so moto cannot listen there.`,
        "Stop that program, or use another port or none, which selects a free one.",
      );
    }
  }
  // The output ended without a port: `died` rejects with the reason.
  return new Promise<never>(() => {});
}
