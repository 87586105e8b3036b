import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { policyText, WITH_MFA, WITHOUT_MFA } from "../../policy-pack/rules/example";
import { type Analyzed, PACK_FOLDER, RunningPack } from "../analyzer/pack";

/** What a pack costs, in milliseconds and megabytes. */
interface Cost {
  readonly start: number;
  readonly eachResource: number;
  readonly wholeStack: number;
  readonly memory: number;
}

const LIMITS: Readonly<Record<keyof Cost, number>> = {
  start: 1.15,
  eachResource: 1.15,
  wholeStack: 1.5,
  memory: 1.25,
};
const ROUNDS = 5;

/** A pack with no policies, in a folder of its own, that finds the same `@pulumi/policy`. */
function emptyPack(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "empty-pack-"));
  writeFileSync(path.join(folder, "PulumiPolicy.yaml"), "runtime: nodejs\nmain: index.js\n");
  writeFileSync(
    path.join(folder, "package.json"),
    JSON.stringify({ name: "empty", version: "1.0.0", main: "index.js" }),
  );
  writeFileSync(
    path.join(folder, "index.js"),
    'new (require("@pulumi/policy").PolicyPack)("empty", { policies: [] });\n',
  );
  mkdirSync(path.join(folder, "node_modules"));
  symlinkSync(path.join(PACK_FOLDER, "../node_modules/@pulumi"), path.join(folder, "node_modules/@pulumi"));
  return folder;
}

/** A stack as one finds it: one resource in ten is a role, one in a hundred a group with its guard. */
function stackOf(size: number): Analyzed[] {
  const trust = policyText({
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::111122223333:root" },
    Action: "sts:AssumeRole",
    Condition: WITH_MFA,
  });
  const guard = policyText({
    Effect: "Deny",
    NotAction: ["iam:EnableMFADevice", "iam:GetUser", "sts:GetSessionToken"],
    Resource: "*",
    Condition: WITHOUT_MFA,
  });
  return Array.from({ length: size }, (_, index): Analyzed => {
    const name = `resource-${index}`;
    if (index % 10 === 0) {
      return {
        type: "aws:iam/role:Role",
        name,
        props: { name, assumeRolePolicy: trust, maxSessionDuration: 3600 },
      };
    }
    if (index % 100 === 1) return { type: "aws:iam/group:Group", name, props: { name } };
    if (index % 100 === 2) {
      const group = `resource-${index - 1}`;
      return { type: "aws:iam/groupPolicy:GroupPolicy", name, props: { name, group, policy: guard } };
    }
    return {
      type: "aws:s3/bucket:Bucket",
      name,
      props: {
        bucket: name,
        tags: { team: "storage", stage: "prod" },
        lifecycleRules: [{ enabled: true, prefix: "logs/" }],
      },
    };
  });
}

async function costOf(folder: string, resources: readonly Analyzed[]): Promise<Cost> {
  const beginning = performance.now();
  const pack = await RunningPack.start(folder);
  const start = performance.now() - beginning;
  try {
    await pack.configure({});
    const times: number[] = [];
    for (const resource of resources.slice(0, 2000)) {
      const before = performance.now();
      await pack.analyze(resource);
      times.push(performance.now() - before);
    }
    // The first ones warm the process up.
    const eachResource = median(times.slice(500));
    const whole = performance.now();
    for (let at = 0; at < resources.length; at += 64) {
      await Promise.all(resources.slice(at, at + 64).map((resource) => pack.analyze(resource)));
    }
    await pack.analyzeStack(resources);
    return { start, eachResource, wholeStack: performance.now() - whole, memory: memoryOf(pack.pid) };
  } finally {
    await pack.stop();
  }
}

/** The most memory that the process has held, in megabytes. */
function memoryOf(pid: number): number {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

interface Compared {
  readonly base: Cost;
  readonly ours: Cost;
}

/** Runs both packs in turn, so that whatever else the machine does falls on both. */
async function compare(folder: string, size: number, rounds: number): Promise<Compared> {
  const resources = stackOf(size);
  const base: Cost[] = [];
  const ours: Cost[] = [];
  for (let round = 0; round < rounds; round += 1) {
    base.push(await costOf(folder, resources));
    ours.push(await costOf(PACK_FOLDER, resources));
  }
  return { base: middle(base), ours: middle(ours) };
}

function middle(costs: readonly Cost[]): Cost {
  const of = (what: keyof Cost) => median(costs.map((cost) => cost[what]));
  return {
    start: of("start"),
    eachResource: of("eachResource"),
    wholeStack: of("wholeStack"),
    memory: of("memory"),
  };
}

function report({ base, ours }: Compared, limited: boolean): boolean {
  let within = true;
  for (const what of ["start", "eachResource", "wholeStack", "memory"] as const) {
    const ratio = ours[what] / base[what];
    const kept = !limited || ratio <= LIMITS[what];
    within &&= kept;
    const unit = what === "memory" ? "MB" : "ms";
    const shown = (value: number) => `${value.toFixed(2).padStart(9)} ${unit}`;
    const verdict = limited ? `, ${kept ? "within" : "OVER"} ${LIMITS[what]}` : "";
    console.log(
      `  ${what.padEnd(13)} ${shown(ours[what])} beside ${shown(base[what])}: ${ratio.toFixed(2)} times${verdict}`,
    );
  }
  return within;
}

/**
 * Measures the pack beside an empty one in the same run; `false` when a ratio is over its limit.
 *
 * @param beside another checkout, built, to measure its pack instead of an empty one: then only the growth has a limit
 */
export async function benchPack(beside?: string): Promise<boolean> {
  const folder = beside ? path.join(beside, "policy-pack") : emptyPack();
  console.log(`the pack beside ${beside ?? "an empty one"}, in milliseconds and megabytes`);
  console.log(`10,000 resources, 1,000 of them roles; the median of ${ROUNDS} rounds`);
  const usual = await compare(folder, 10_000, ROUNDS);
  const within = report(usual, !beside);
  console.log("100,000 resources, 10,000 of them roles; one round");
  const large = await compare(folder, 100_000, 1);
  if (!beside) rmSync(folder, { recursive: true });
  const growth = (of: keyof Compared) => large[of].wholeStack / usual[of].wholeStack;
  const linear = growth("ours") <= growth("base") * 1.15;
  console.log(
    `  ten times the stack takes ${growth("ours").toFixed(1)} times as long (the other: ${growth("base").toFixed(1)}), ${linear ? "within" : "OVER"} 1.15 of it`,
  );
  return within && linear;
}
