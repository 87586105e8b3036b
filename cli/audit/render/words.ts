import type { Place, Report, Setup, Standing, Subject } from "../report";

/** How a subject stands, as people read it. */
export const STANDING: Readonly<Record<Standing, string>> = {
  open: "bypassable",
  "anyone-with-mfa": "anyone with MFA",
  unknown: "unknown",
  exempt: "exempt",
  protected: "protected",
};

/** What several subjects of a kind are called. */
export const PLURAL: Readonly<Record<Subject["kind"], string>> = {
  role: "roles",
  group: "groups",
  user: "users",
  policy: "policies",
  device: "devices",
  template: "templates",
};

/** Such as `2 roles` and `1 group`. */
export function countedByKind(all: readonly Pick<Subject, "kind">[]): readonly string[] {
  const kinds = new Map<Subject["kind"], number>();
  for (const { kind } of all) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return [...kinds].map(([kind, number]) => `${number} ${number === 1 ? kind : PLURAL[kind]}`);
}

const SERVICES = new Map([
  ["bedrock", "Bedrock"],
  ["cassandra", "Keyspaces"],
  ["codecommit", "CodeCommit"],
  ["logs", "CloudWatch Logs"],
]);

/** Credentials for one service alone, such as `credential for Bedrock` and `2 SSH keys for CodeCommit`. */
export function serviceAccessInWords({
  serviceCredentials = [],
  sshPublicKeys = 0,
}: Pick<Setup, "serviceCredentials" | "sshPublicKeys">): readonly string[] {
  const services = serviceCredentials.map(({ service, expiresAt }) => {
    const until = expiresAt === undefined ? "" : ` until ${expiresAt.slice(0, 10)}`;
    return `credential for ${SERVICES.get(service.replace(/\.amazonaws\.com(\.cn)?$/, "")) ?? service}${until}`;
  });
  const keys = `${sshPublicKeys} SSH ${sshPublicKeys === 1 ? "key" : "keys"} for CodeCommit`;
  return [...services, ...(sshPublicKeys === 0 ? [] : [keys])];
}

/** The credentials for one service alone that are not known, by kind. */
export function unlisted({
  serviceCredentials,
  sshPublicKeys,
}: {
  readonly serviceCredentials?: unknown;
  readonly sshPublicKeys?: unknown;
}): readonly string[] {
  return [
    ...(serviceCredentials === undefined ? ["service-specific credentials"] : []),
    ...(sshPublicKeys === undefined ? ["SSH public keys"] : []),
  ];
}

/** Such as `account 111122223333 (acme-production)`. */
export function placeInWords({ kind, name, alias }: Pick<Place, "kind" | "name" | "alias">): string {
  return `${kind} ${name}${alias === undefined ? "" : ` (${alias})`}`;
}

const LIST = new Intl.ListFormat("en", { type: "conjunction" });

/** Such as `2 roles and 1 group were checked; no way in without MFA was found`. */
export function passedInWords(passed: Exclude<Place["passed"], undefined>): string {
  if (passed === "unnamed") return "No way in without MFA was found";
  const checked = `${LIST.format(countedByKind(passed))} ${passed.length === 1 ? "was" : "were"} checked`;
  return `${checked}; no way in without MFA was found`;
}

/** The exemptions that covered nothing, a sentence each. */
export function unusedInWords({
  unusedExemptions = [],
}: Pick<Report, "unusedExemptions">): readonly string[] {
  return unusedExemptions.map(({ policy, reason, ...patterns }) => {
    const told = Object.entries(patterns).map(([key, pattern]) => `${key} ${pattern}`);
    return `Unused exemption of ${policy}: ${told.join(", ")} (${reason}) covers nothing that was audited.`;
  });
}
