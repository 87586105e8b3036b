import { execFileSync } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Report, Subject } from "../audit/report";
import { defaultSettings } from "../audit/settings";
import { withTrail } from "../audit/usage/trail/attach";
import { readTrail } from "../audit/usage/trail/files";
import { planOf } from "../rehearse/build-plan";
import { changeOf } from "../rehearse/change";
import { Rehearsal } from "../rehearse/rehearsal";
import { jsonMs, processorMs } from "./processor-time";

interface Cost {
  readonly events: number;
  readonly affected: number;
  /** Processor time to read the log file and to rehearse a guard on it. */
  readonly milliseconds: number;
  /** The same as a multiple of serializing and parsing the events as JSON, so that it does not depend on the machine. */
  readonly besideJson: number;
  readonly megabytes: number;
}

const ACCOUNT = "111122223333";
const USERS = 2_000;
const [SMALL, LARGE] = [100_000, 1_000_000];
const LIMITS = { besideJson: 20, megabytes: 400 } as const;
/** The highest allowed growth of memory, at ten times the events. */
const GROWTH = 1.5;
const START = Date.UTC(2030, 0, 1);
const CALLS = [
  "s3 ListBuckets",
  "ec2 DescribeInstances",
  "iam GetUser",
  "sts GetCallerIdentity",
  "kms Decrypt",
  "sts AssumeRole",
];

const user = (index: number) => `arn:aws:iam::${ACCOUNT}:user/user-${index % USERS}`;

/** Every third call is from a session with MFA, and each caller has its own addresses and calls. */
function eventOf(index: number): object {
  const [service, eventName] = (CALLS[index % CALLS.length] ?? "").split(" ");
  const isSession = index % 3 === 0;
  const attributes = { mfaAuthenticated: "true", creationDate: new Date(START).toISOString() };
  return {
    eventVersion: "1.11",
    eventID: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
    eventTime: new Date(START + index * 1000).toISOString(),
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: index % 5 === 0 ? "eu-west-1" : "us-east-1",
    sourceIPAddress: `192.0.2.${(index * 7) % 250}`,
    userAgent: `aws-cli/2.${index % 40} os/linux`,
    recipientAccountId: ACCOUNT,
    userIdentity: {
      type: "IAMUser",
      principalId: `AIDAEXAMPLE${index % USERS}`,
      arn: user(index),
      accountId: ACCOUNT,
      accessKeyId: isSession ? "ASIAIOSFODNN7EXAMPLE" : "AKIAIOSFODNN7EXAMPLE",
      ...(isSession && { sessionContext: { attributes } }),
    },
    requestParameters:
      eventName === "AssumeRole" ? { roleArn: `arn:aws:iam::${ACCOUNT}:role/role-${index % 500}` } : null,
  };
}

async function write(path: string, events: number): Promise<void> {
  const text = function* () {
    yield '{"Records":[';
    for (let index = 0; index < events; index += 1)
      yield `${index === 0 ? "" : ","}${JSON.stringify(eventOf(index))}`;
    yield "]}";
  };
  await pipeline(Readable.from(text()), createGzip({ level: 1 }), createWriteStream(path));
}

async function measure(path: string): Promise<Cost> {
  const subjects = Array.from({ length: USERS }, (_, index): Subject => {
    const setup = { mfaDevice: false, password: null, accessKeys: [], guardedBy: [] };
    return {
      ...({ kind: "user", name: `user-${index}`, id: user(index), standing: "open", reason: "" } as const),
      ...{ findings: [], notes: [], setup },
    };
  });
  const now = new Date(START + LARGE * 1000);
  const places = [{ kind: "account", name: ACCOUNT, subjects } as const];
  const report: Report = { version: 1, madeAt: now.toISOString(), places };
  const change = changeOf({ guard: {}, roles: [], limits: [] }, report, defaultSettings());
  const rehearsal = new Rehearsal(change, report, {}, now);
  const before = processorMs();
  const read = await readTrail([path], new AbortController().signal, () => {}, rehearsal.add);
  const { affected, evidence } = planOf(change, report, rehearsal, read, now);
  withTrail(report, read);
  const milliseconds = processorMs() - before;
  const megabytes = process.resourceUsage().maxRSS / 1024;
  const events = evidence[0]?.events ?? 0;
  const json = (jsonMs(Array.from({ length: SMALL }, (_, index) => eventOf(index))) / SMALL) * events;
  return { events, affected: affected.length, milliseconds, besideJson: milliseconds / json, megabytes };
}

/** In its own process, so that neither memory nor compiled code is shared. */
function apart(path: string): Cost {
  return JSON.parse(
    execFileSync(process.execPath, [...process.execArgv, __filename, path], { encoding: "utf8" }),
  );
}

async function compare(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), "aws-mfa-bench-"));
  const costs: Cost[] = [];
  for (const events of [SMALL, LARGE]) {
    const path = join(folder, `${events}_CloudTrail_.json.gz`);
    await write(path, events);
    costs.push(apart(path));
  }
  await rm(folder, { recursive: true });
  for (const { events, affected, milliseconds, besideJson, megabytes } of costs) {
    console.log(
      `  ${events} events of ${affected} users who would be stopped: read and rehearsed in ${Math.round(milliseconds)} ms ` +
        `(${besideJson.toFixed(1)} times as long as their JSON), at most ${Math.round(megabytes)} MB`,
    );
  }
  const [small, large] = costs.map(({ megabytes }) => megabytes);
  const growth = (large ?? 0) / (small ?? 1);
  const within =
    costs.every(({ besideJson }) => besideJson <= LIMITS.besideJson) &&
    (large ?? 0) <= LIMITS.megabytes &&
    growth <= GROWTH;
  console.log(
    `  ${growth.toFixed(2)} times as much memory at ${LARGE / SMALL} times the events, at most ${GROWTH}; limits are ` +
      `${LIMITS.besideJson} times the JSON and ${LIMITS.megabytes} MB: ${within ? "within" : "OVER"}`,
  );
  return within;
}

const [, , path] = process.argv;
async function main(): Promise<void> {
  if (path !== undefined) process.stdout.write(JSON.stringify(await measure(path)));
  else process.exitCode = (await compare()) ? 0 : 1;
}
void main();
