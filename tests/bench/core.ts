// As it is installed: what runs TypeScript from source gives each function its name again whenever it is made.
import { decideGuard, decideTrust, parsePolicy } from "aws-mfa-policy-pack/iam";
import { SLOW_DOCUMENTS } from "./documents";

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

/** The best of several rounds, in microseconds of processor time: what the work takes when nothing else gets in between. */
function microseconds(work: () => void, times: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 7; round += 1) {
    const before = process.cpuUsage();
    for (let time = 0; time < times; time += 1) work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / times);
  }
  return best;
}

/** Measures decisions; `false` when one is over its limit. */
export function benchCore(): boolean {
  let within = true;
  const line = (name: string, value: number, limit: number, unit: string) => {
    within &&= value <= limit;
    console.log(
      `  ${name.padEnd(45)} ${value.toFixed(1).padStart(8)} ${unit}, ${value <= limit ? "within" : "OVER"} ${limit}`,
    );
  };
  console.log("a decision after parsing");
  const typical = parsePolicy(TYPICAL, "trust");
  if (!typical.ok) throw new Error("the typical document is refused");
  line(
    "a typical trust policy",
    microseconds(() => decideTrust(typical.policy), 5000),
    20,
    "µs",
  );
  console.log("documents made to be slow, parsing and deciding");
  for (const { name, kind, document } of SLOW_DOCUMENTS) {
    const text = JSON.stringify(document);
    const milliseconds =
      microseconds(() => {
        const parsed = parsePolicy(text, kind);
        if (!parsed.ok) throw new Error(`${name}: ${JSON.stringify(parsed.errors[0])}`);
        if (kind === "trust") decideTrust(parsed.policy);
        else decideGuard([parsed.policy]);
      }, 1) / 1000;
    line(name, milliseconds, 50, "ms");
  }
  return within;
}

if (require.main === module) process.exitCode = benchCore() ? 0 : 1;
