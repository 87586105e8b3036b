import { join } from "node:path";
// As it is installed: what runs TypeScript from source gives each function its name again whenever it is made.
import * as installed from "aws-mfa-policy-pack/iam";
import { SLOW_DOCUMENTS } from "./documents";

type Core = Pick<typeof installed, "decideGuard" | "decideTrust" | "parsePolicy">;

const TYPICAL = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "Staff",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::111122223333:root" },
      Action: "sts:AssumeRole",
      Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
    },
    { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
  ],
};

const ROUNDS = 40;

interface Work {
  readonly run: () => void;
  readonly times: number;
}

/**
 * Two pieces of work in turn, so that whatever else the machine does falls on both: the microseconds of processor time that
 * one run of each takes in its best round.
 */
function inTurn(...works: readonly [Work, Work]): readonly [number, number] {
  const best: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, { run, times }] of works.entries()) {
      const before = process.cpuUsage();
      for (let time = 0; time < times; time += 1) run();
      const { user, system } = process.cpuUsage(before);
      best[index] = Math.min(best[index] ?? 0, (user + system) / times);
    }
  }
  return best;
}

interface Case {
  readonly name: string;
  /** The JSON that is read beside it, and how many times as long it may take. */
  readonly json: string;
  readonly limit: number;
  readonly workOf: (core: Core) => Work;
}

/** One measure for all of them: some are few long strings, whose JSON takes next to nothing to read. */
const ALL_SLOW = JSON.stringify(SLOW_DOCUMENTS);

const CASES: readonly Case[] = [
  {
    name: "a typical trust policy, parsed before",
    json: JSON.stringify(TYPICAL),
    limit: 16,
    workOf: ({ parsePolicy, decideTrust }) => {
      const parsed = parsePolicy(TYPICAL, "trust");
      if (!parsed.ok) throw new Error("the typical document is refused");
      return { run: () => decideTrust(parsed.policy), times: 5000 };
    },
  },
  ...SLOW_DOCUMENTS.map(
    ({ name, kind, document }): Case => ({
      name,
      json: ALL_SLOW,
      limit: 200,
      workOf: ({ parsePolicy, decideTrust, decideGuard }) => {
        const text = JSON.stringify(document);
        const run = () => {
          const parsed = parsePolicy(text, kind);
          if (!parsed.ok) throw new Error(`${name}: ${JSON.stringify(parsed.errors[0])}`);
          if (kind === "trust") decideTrust(parsed.policy);
          else decideGuard([parsed.policy]);
        };
        return { run, times: 1 };
      },
    }),
  ),
];

/**
 * Measures decisions beside reading JSON; `false` when a ratio is over its limit.
 *
 * @param beside another checkout, built, to measure its decisions instead of reading the JSON: then there is no limit
 */
export function benchCore(beside?: string): boolean {
  const other: Core | undefined = beside && require(join(beside, "policy-pack", "dist", "iam"));
  let within = true;
  console.log(`a decision beside ${beside ?? "reading JSON"}, in µs of processor time`);
  for (const { name, json, limit, workOf } of CASES) {
    const reading = { run: () => JSON.parse(json), times: 1000 };
    const [ours, base] = inTurn(workOf(installed), other ? workOf(other) : reading);
    const ratio = ours / base;
    const kept = other !== undefined || ratio <= limit;
    within &&= kept;
    const [shown, beside] = [ours, base].map((value) => value.toFixed(1).padStart(8));
    const verdict = other ? "" : `, ${kept ? "within" : "OVER"} ${limit}`;
    console.log(`  ${name.padEnd(45)} ${shown} beside ${beside}: ${ratio.toFixed(2)} times${verdict}`);
  }
  return within;
}
