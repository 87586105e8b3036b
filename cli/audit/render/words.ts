import type { Place, Report, Setup, Standing, Subject } from "../report";

/** The standings as people read them. */
export const STANDING: Readonly<Record<Standing, string>> = {
  open: "bypassable",
  "anyone-with-mfa": "anyone with MFA",
  unknown: "unknown",
  exempt: "exempt",
  protected: "protected",
};

export const PLURAL: Readonly<Record<Subject["kind"], string>> = {
  role: "roles",
  group: "groups",
  user: "users",
  policy: "policies",
  device: "devices",
  template: "templates",
};

const NUMBER = new Intl.NumberFormat("en");
const LIST = new Intl.ListFormat("en", { type: "conjunction" });

/** Such as `1,200`. */
export const numeral = (number: number): string => NUMBER.format(number);

/** Such as `1 role` and `2 roles`. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${numeral(number)} ${number === 1 ? one : many}`;
}

/** Such as `2 roles, 6 groups and 1 user`. */
export function countedByKind(subjects: readonly Pick<Subject, "kind">[]): string {
  const kinds = Object.entries(PLURAL).flatMap(([kind, plural]) => {
    const number = subjects.filter((each) => each.kind === kind).length;
    return number === 0 ? [] : [counted(number, kind, plural)];
  });
  return LIST.format(kinds);
}

const SERVICES = new Map([
  ["bedrock", "Bedrock"],
  ["cassandra", "Keyspaces"],
  ["codecommit", "CodeCommit"],
  ["logs", "CloudWatch Logs"],
]);

/** The credentials for one service alone, such as `credential for Bedrock` and `2 SSH keys for CodeCommit`. */
export function serviceAccessText({
  serviceCredentials = [],
  sshPublicKeys = 0,
}: Pick<Setup, "serviceCredentials" | "sshPublicKeys">): readonly string[] {
  const services = serviceCredentials.map(({ service, expiresAt }) => {
    const until = expiresAt === undefined ? "" : ` until ${expiresAt.slice(0, 10)}`;
    return `credential for ${SERVICES.get(service.replace(/\.amazonaws\.com(\.cn)?$/, "")) ?? service}${until}`;
  });
  const keys = `${counted(sshPublicKeys, "SSH key")} for CodeCommit`;
  return [...services, ...(sshPublicKeys === 0 ? [] : [keys])];
}

/** The kinds of credentials for one service alone that were not listed. */
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
export function placeText({ kind, name, alias }: Pick<Place, "kind" | "name" | "alias">): string {
  return `${kind} ${name}${alias === undefined ? "" : ` (${alias})`}`;
}

/** Such as `2 roles and 1 group were checked; no way in without MFA was found`. */
export function passedText(passed: Exclude<Place["passed"], undefined>): string {
  if (passed === "unnamed") return "No way in without MFA was found";
  return `${countedByKind(passed)} ${passed.length === 1 ? "was" : "were"} checked; no way in without MFA was found`;
}

/** A sentence for each exemption that covered nothing. */
export function unusedText({ unusedExemptions = [] }: Pick<Report, "unusedExemptions">): readonly string[] {
  return unusedExemptions.map(({ policy, reason, ...patterns }) => {
    const texts = Object.entries(patterns).map(([key, pattern]) => `${key} ${pattern}`);
    return `Unused exemption of ${policy}: ${texts.join(", ")} (${reason}) covers nothing that was audited.`;
  });
}
