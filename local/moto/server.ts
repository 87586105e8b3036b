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
/** It takes some three seconds on a machine with nothing else to do. */
const READY_MS = 120_000;

export interface Moto {
  /** Such as `http://127.0.0.1:43193`: what `AWS_ENDPOINT_URL` is set to. */
  readonly endpoint: string;
  readonly processId: number;
  /** Each request that was made, one a line. */
  readonly logFile: string;
  /** Rejects with `Unavailable` as soon as moto ends without having been stopped; else stays pending. */
  readonly died: Promise<never>;
  /** Ends it and removes what it wrote, unless it died: then the log stays. */
  stop(): Promise<void>;
}

/**
 * Starts moto, the stand-in for AWS, on `port` or on a free one, and waits until it answers.
 *
 * It ends with this process, however this process ends. Throws `Unavailable` where the port is taken, there is no
 * Python, or moto does not start.
 */
export async function startMoto(options: { port?: number } = {}): Promise<Moto> {
  const python = await pythonEnvironment();
  const folder = await mkdtemp(join(tmpdir(), "aws-mfa-moto-"));
  const logFile = join(folder, "moto.log");
  const log = createWriteStream(logFile);

  const child = execa(python, ["-u", SCRIPT, String(options.port ?? 0)], {
    reject: false,
    // Roles are attached to AWS's managed policies, which moto only knows when told to.
    env: { MOTO_IAM_LOAD_MANAGED_POLICIES: "true" },
    stdin: "pipe",
    // A process group of its own: Ctrl-C reaches the parent, which stops moto after what still needs it.
    detached: true,
    forceKillAfterDelay: 2_000,
  });
  child.stderr.pipe(log);
  const ended = child.then(({ exitCode, signal }) => signal ?? `exit code ${exitCode}`);

  let stopped = false;
  const died = ended.then((how): Promise<never> | never => {
    if (stopped) return new Promise<never>(() => {});
    throw new Unavailable(
      `moto, the stand-in for AWS, ended by itself (${how}).`,
      `Its log is ${logFile}; look there for the cause, then run this again.`,
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
        `Port ${asked} on 127.0.0.1 is taken by another program, so moto cannot listen there.`,
        "Stop that program, name another port, or name none: then a free one is used.",
      );
    }
  }
  // Its output ended without either word: `died` says why.
  return new Promise<never>(() => {});
}
