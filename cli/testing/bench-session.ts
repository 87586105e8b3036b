// What starting the command costs, beside starting Node with nothing to do: npm run bench:session
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheKey, sessionFolder } from "../session/cache-key";
import { fileStore } from "../session/file-store";
import { toJson } from "../session/session";
import { COMMAND } from "./command";

const ROUNDS = 40;
const HOUR_MS = 3_600_000;

interface Measured {
  readonly what: string;
  readonly args: readonly string[];
  /** The most that it may take, as a multiple of Node alone. */
  readonly limit?: number;
}

/**
 * Milliseconds of the processor that the processes started here have taken: what else runs on the machine does not count. Linux
 * says it, in ticks of ten; elsewhere it is the time of day. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function spent(): number {
  if (process.platform !== "linux") return performance.now();
  const stat = readFileSync("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return 10 * (Number(fields[13]) + Number(fields[14]));
}

/** Each kind of start once a round, in turn, so that a slow moment of the machine meets all of them alike. */
function measure(kinds: readonly Measured[], env: NodeJS.ProcessEnv): Map<Measured, number> {
  const times = new Map(kinds.map((kind) => [kind, 0]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of kinds) {
      const before = spent();
      const { status, stderr } = spawnSync(process.execPath, kind.args, { env, encoding: "utf8" });
      times.set(kind, (times.get(kind) ?? 0) + (spent() - before) / ROUNDS);
      if (status !== 0) throw new Error(`${kind.what} ended with ${status}: ${stderr}`);
    }
  }
  return times;
}

async function main(): Promise<boolean> {
  const home = await mkdtemp(join(tmpdir(), "aws-mfa-bench-"));
  try {
    const env = { HOME: home, XDG_CACHE_HOME: join(home, ".cache"), AWS_MFA_KEYRING: "off" };
    for (const name of ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_ENDPOINT_URL"])
      delete process.env[name];
    Object.assign(process.env, env);
    await mkdir(join(home, ".aws"));
    await writeFile(
      join(home, ".aws", "credentials"),
      "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI\n",
    );
    const session = {
      accessKeyId: "ASIAIOSFODNN7EXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      sessionToken: "AQoDYXdzEJr1K...o5OytwEXAMPLE=",
      expires: new Date(Date.now() + HOUR_MS),
    };
    await fileStore(await sessionFolder()).write(await cacheKey("default"), toJson(session));
    const empty = join(home, "empty.cjs");
    await writeFile(empty, "");

    const whole = join(COMMAND, "..", "..", "dist", "main.mjs");
    const node: Measured = { what: "node", args: [empty] };
    const kinds: Measured[] = [
      node,
      { what: "aws-mfa --version", args: [COMMAND, "--version"], limit: 1.3 },
      { what: "aws-mfa session, cached in a file", args: [COMMAND, "session"], limit: 1.6 },
      { what: "the same without the fast path", args: [whole, "session"] },
      { what: "aws-mfa verify --help", args: [COMMAND, "verify", "--help"] },
      { what: "aws-mfa --help", args: [COMMAND, "--help"] },
    ];
    const times = measure(kinds, env);
    const base = times.get(node) ?? Number.NaN;
    let isMet = true;
    for (const [{ what, limit }, time] of times) {
      const ratio = time / base;
      const allowed = limit === undefined ? "" : ` (at most ${limit})`;
      process.stdout.write(`${ratio.toFixed(2)} × ${what}: ${time.toFixed(0)} ms${allowed}\n`);
      if (limit !== undefined && !(ratio <= limit)) isMet = false;
    }
    return isMet;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

main().then((isMet) => {
  if (!isMet) process.exitCode = 1;
});
