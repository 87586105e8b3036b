// The cost of starting the command, compared with an empty Node.js program: npm run bench:session
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { pythonEnvironment } from "../../local/moto/environment";
import { procStat } from "../proc-stat";
import { commandLine } from "../profile/session-command-line";
import { cacheKey, sessionFolder } from "../session/cache-key";
import { fileStore } from "../session/file-store";
import { toJson } from "../session/session";
import { COMMAND } from "./command";

const ROUNDS = 20;
const HOUR_MS = 3_600_000;

interface Measured {
  readonly what: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What to compare it with. */
  readonly beside?: Measured;
  /** The highest allowed multiple of that. */
  readonly limit?: number;
}

/** Milliseconds of processor time of the processes started here, on Linux in ticks of ten; elsewhere, wall-clock time. */
function spent(): number {
  if (process.platform !== "linux") return performance.now();
  const stat = procStat("self");
  return 10 * (Number(stat[13]) + Number(stat[14]));
}

/** Each kind of start once a round, in turn, so that a slow moment of the machine affects all alike. */
function measure(kinds: readonly Measured[], env: NodeJS.ProcessEnv): Map<Measured, number> {
  const times = new Map(kinds.map((kind) => [kind, 0]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of kinds) {
      const before = spent();
      const { status, stderr } = spawnSync(kind.command, kind.args, {
        env: { ...env, ...kind.env },
        encoding: "utf8",
      });
      times.set(kind, (times.get(kind) ?? 0) + (spent() - before) / ROUNDS);
      if (status !== 0) throw new Error(`${kind.what} ended with ${status}: ${stderr}`);
    }
  }
  return times;
}

function node(what: string, args: readonly string[], more: Partial<Measured> = {}): Measured {
  return { what, command: process.execPath, args, ...more };
}

/** An S3 with one bucket, in its own thread, since the measurement blocks this one. */
async function bucketList(): Promise<{ readonly endpoint: string; close(): Promise<unknown> }> {
  const worker = new Worker(
    `const { parentPort } = require("node:worker_threads");
    const answer = "<ListAllMyBucketsResult><Owner><ID>1</ID></Owner><Buckets><Bucket><Name>logs</Name>" +
      "<CreationDate>2026-01-01T00:00:00Z</CreationDate></Bucket></Buckets></ListAllMyBucketsResult>";
    const server = require("node:http").createServer((_, response) => response.end(answer));
    server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));`,
    { eval: true },
  );
  const port = await new Promise<number>((resolve, reject) =>
    worker.on("message", resolve).on("error", reject),
  );
  return { endpoint: `http://127.0.0.1:${port}`, close: () => worker.terminate() };
}

async function main(): Promise<boolean> {
  const python = await pythonEnvironment();
  const s3 = await bucketList();
  const home = await mkdtemp(join(tmpdir(), "aws-mfa-bench-"));
  try {
    const env = { HOME: home, XDG_CACHE_HOME: join(home, ".cache"), AWS_MFA_KEYRING: "off" };
    for (const name of ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_ENDPOINT_URL"])
      delete process.env[name];
    Object.assign(process.env, env);
    const session = toJson({
      accessKeyId: "ASIAIOSFODNN7EXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      sessionToken: "AQoDYXdzEJr1K...o5OytwEXAMPLE=",
      expiration: new Date(Date.now() + HOUR_MS),
    });
    const empty = join(home, "empty.cjs");
    await writeFile(empty, "");
    const prints = join(home, "prints.cjs");
    await writeFile(prints, `process.stdout.write(${JSON.stringify(session)})`);
    await mkdir(join(home, ".aws"));
    const keys = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI\n";
    await writeFile(join(home, ".aws", "credentials"), `[default]\n${keys}`);
    const processes = { empty: [prints], ours: [COMMAND, "session"] };
    const profiles = Object.entries(processes).map(
      ([name, args]) =>
        `[profile ${name}]\ncredential_process = ${commandLine([process.execPath, ...args])}\n`,
    );
    await writeFile(join(home, ".aws", "config"), profiles.join(""));
    await fileStore(await sessionFolder()).write(await cacheKey("default"), session);

    const whole = join(COMMAND, "..", "..", "dist", "main.mjs");
    const alone = node("node", [empty]);
    const cached = [COMMAND, "session"];
    const list = (what: string, profile: string, more: Partial<Measured> = {}): Measured => ({
      what: `aws s3 ls, ${what}`,
      command: python,
      args: ["-m", "awscli", "s3", "ls", "--endpoint-url", s3.endpoint, "--profile", profile],
      ...more,
    });
    const withEmpty = list("with an empty Node program as credential_process", "empty");
    const kinds: Measured[] = [
      alone,
      node("aws-mfa --version", [COMMAND, "--version"], { beside: alone, limit: 1.3 }),
      node("aws-mfa session, cached in a file", cached, { beside: alone, limit: 1.6 }),
      node("the same without the fast path", [whole, "session"], { beside: alone }),
      node("aws-mfa verify --help", [COMMAND, "verify", "--help"], { beside: alone }),
      node("aws-mfa --help", [COMMAND, "--help"], { beside: alone }),
      withEmpty,
      list("with aws-mfa session, cached in a file", "ours", { beside: withEmpty, limit: 1.1 }),
      list("with access keys in a file", "default", { beside: withEmpty }),
    ];
    const times = measure(kinds, env);
    let isMet = true;
    for (const [{ what, limit, beside }, time] of times) {
      const ratio = time / ((beside && times.get(beside)) ?? time);
      const allowed = limit === undefined ? "" : ` (at most ${limit})`;
      process.stdout.write(`${ratio.toFixed(2)} × ${what}: ${time.toFixed(0)} ms${allowed}\n`);
      if (limit !== undefined && !(ratio <= limit)) isMet = false;
    }
    return isMet;
  } finally {
    await s3.close();
    await rm(home, { recursive: true, force: true });
  }
}

main().then((isMet) => {
  if (!isMet) process.exitCode = 1;
});
