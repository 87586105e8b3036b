import { execFileSync } from "node:child_process";
import { accountInput } from "../audit/account/account";
import { authorizationIn } from "../audit/account/authorization";
import { evaluateInput } from "../audit/evaluate";
import { totals } from "../audit/render/order";
import { defaultSettings } from "../audit/settings";
import { ACCOUNT, credentialsOf, pagesOf } from "./large-account";
import { jsonMs, processorMs } from "./processor-time";

interface Cost {
  readonly subjects: number;
  readonly open: number;
  /** Processor time to decide, after everything has been read. */
  readonly milliseconds: number;
  /** The same as a multiple of serializing and parsing the account as JSON, so that it does not depend on the machine. */
  readonly besideJson: number;
  /** The highest memory use of the process. */
  readonly megabytes: number;
}

const GROUPS = 1_000;
const TIMES = 10;
const LIMITS = { besideJson: 90, megabytes: 500 } as const;
/** The highest allowed growth of the time per subject, at ten times the size. */
const GROWTH = 1.5;

function measure(groups: number): Cost {
  const all = authorizationIn({});
  const found = {
    users: [...all.users],
    groups: [...all.groups],
    roles: [...all.roles],
    policies: [...all.policies],
    awsPolicies: [],
  };
  for (const page of pagesOf(groups)) {
    const { users, groups: more, roles, policies } = authorizationIn(page);
    found.users.push(...users);
    found.groups.push(...more);
    found.roles.push(...roles);
    found.policies.push(...policies);
  }
  const source = accountInput(ACCOUNT, found, credentialsOf(groups));
  const json = jsonMs(found);
  const before = processorMs();
  const { subjects } = evaluateInput(source, defaultSettings(), new Date());
  const milliseconds = processorMs() - before;
  return {
    milliseconds,
    besideJson: milliseconds / json,
    megabytes: process.resourceUsage().maxRSS / 1024,
    subjects: subjects.length,
    open: totals(subjects).open,
  };
}

/** In its own process, so that neither memory nor compiled code is shared. */
function apart(groups: number): Cost {
  return JSON.parse(
    execFileSync(process.execPath, [...process.execArgv, __filename, String(groups)], { encoding: "utf8" }),
  );
}

function compare(): boolean {
  const [small, large] = [apart(GROUPS), apart(GROUPS * TIMES)];
  for (const { subjects, open, milliseconds, besideJson, megabytes } of [small, large]) {
    console.log(
      `  ${subjects} subjects, ${open} open: decided in ${Math.round(milliseconds)} ms, ${besideJson.toFixed(0)} times as long as its JSON, at most ${Math.round(megabytes)} MB`,
    );
  }
  const growth = large.milliseconds / small.milliseconds / (large.subjects / small.subjects);
  const within =
    small.besideJson <= LIMITS.besideJson && small.megabytes <= LIMITS.megabytes && growth <= GROWTH;
  console.log(
    `  ${growth.toFixed(2)} times as long per subject at ${TIMES} times the size, at most ${GROWTH}; limits for the smaller are ` +
      `${LIMITS.besideJson} times its JSON and ${LIMITS.megabytes} MB: ${within ? "within" : "OVER"}`,
  );
  return within;
}

const [, , groups] = process.argv;
if (groups !== undefined) process.stdout.write(JSON.stringify(measure(Number(groups))));
else process.exitCode = compare() ? 0 : 1;
