import type { JsonReport, NotLookedAt, NotLookedAtKind, Place, Report } from "../report";

/** The singular and the plural of each kind, in the order in which they are listed. */
const WORDS: Readonly<Record<NotLookedAtKind, readonly [one: string, many: string]>> = {
  files: ["1 file", "# files"],
  folders: ["1 folder", "# folders"],
  states: ["1 state", "# states"],
  accounts: ["1 account", "# accounts"],
  logs: ["1 CloudTrail log", "# CloudTrail logs"],
  partsOfFiles: ["part of 1 file", "parts of # files"],
  partsOfStates: ["part of 1 state", "parts of # states"],
  partsOfAccounts: ["part of 1 account", "parts of # accounts"],
  partsOfTemplates: ["part of 1 template", "parts of # templates"],
  resources: ["1 resource", "# resources"],
  credentialReports: ["1 credential report", "# credential reports"],
  rootUsers: ["1 root user", "# root users"],
  lists: ["1 list of credentials", "# lists of credentials"],
  organizationPolicies: ["the organization's SCPs and RCPs", "the SCPs and RCPs of # organizations"],
  limits: ["1 SCP or RCP", "# SCPs and RCPs"],
};

const WHOLE = { file: "files", state: "states", account: "accounts" } as const;
const PART = { file: "partsOfFiles", state: "partsOfStates", account: "partsOfAccounts" } as const;

/** What was not looked at in all places, by their troubles, their counts, and their templates with unknown parts. */
export function notLookedAt({ places }: Pick<Report, "places">): NotLookedAt {
  const total = new Map<string, number>();
  for (const [kind, number] of places.flatMap(countsIn).flatMap(Object.entries<number>))
    if (number > 0) total.set(kind, (total.get(kind) ?? 0) + number);
  return Object.fromEntries(total);
}

function countsIn({ kind, trouble, subjects, passed, notLookedAt = {} }: Place): readonly NotLookedAt[] {
  const isPart = subjects.length > 0 || passed !== undefined;
  const place = { [(isPart ? PART : WHOLE)[kind]]: 1 };
  const templates = subjects.filter((each) => each.kind === "template" && each.standing === "unknown");
  return [
    ...(trouble === undefined ? [] : [trouble.notLookedAt ?? place]),
    notLookedAt,
    { partsOfTemplates: templates.length },
  ];
}

/** Such as `Not looked at: 3 files, 1 account.`; `undefined` if everything was looked at. */
export function notLookedAtText(report: Pick<Report, "places">): string | undefined {
  const total: Readonly<Record<string, number>> = notLookedAt(report);
  const texts = Object.entries(WORDS).flatMap(([kind, [one, many]]) => {
    const number = total[kind] ?? 0;
    return number === 0 ? [] : [number === 1 ? one : many.replace("#", String(number))];
  });
  return texts.length === 0 ? undefined : `Not looked at: ${texts.join(", ")}.`;
}

/** The report as `--format json` prints it. */
export function inJson(report: Report): JsonReport {
  return { ...report, notLookedAt: notLookedAt(report) };
}
