import type { LastUse, Seen, SeenUse, Subject } from "../report";
import { dangerText } from "./danger";
import { counted } from "./words";

/** How long AWS tracks the use of a role, and less in newer regions. Source: IAM API reference, RoleLastUsed. */
const TRACKED_DAYS = 400;
/** Further uses by people, by machines, or of unclear origin are only in the JSON. */
const LISTED = 3;
const ORIGINS = ["people", "machines", "unclear"] as const;

type Used = Pick<Subject, "lastUse" | "seen">;

/** Who can do what with a subject, and who uses it, as lines. */
export function riskText(subject: Subject): readonly string[] {
  return [...dangerText(subject), ...usageText(subject)];
}

/** Who uses a subject, as lines. Names are as in the account and in the logs. */
export function usageText({ lastUse, seen }: Used): readonly string[] {
  return [
    ...(lastUse === undefined ? [] : [lastUseText(lastUse)]),
    ...(seen === undefined ? [] : seenText(seen, lastUse)),
  ];
}

/** The same in a few words. */
export function usageCell({ lastUse, seen }: Used): string {
  const users = seen === undefined ? undefined : seen.uses.length === 0 ? "not in the logs" : usersOf(seen);
  return [lastUseCell(lastUse), users].filter(Boolean).join(", ");
}

function lastUseCell(lastUse: LastUse | undefined): string {
  switch (lastUse?.kind) {
    case undefined:
      return "";
    case "used":
      return day(lastUse.at);
    case "not recorded":
      return "not recorded";
    case "nobody":
      return "by nobody";
  }
}

/** Such as `people and machines`; `unclear` if the logs show neither. */
function usersOf({ uses }: Seen): string {
  const known = ORIGINS.filter((each) => each !== "unclear" && uses.some(({ by }) => by === each));
  return known.join(" and ") || "unclear";
}

function seenText(seen: Seen, lastUse: LastUse | undefined): readonly string[] {
  const { since, uses } = seen;
  if (uses.length === 0) {
    const missed =
      lastUse?.kind === "used" && lastUse.at >= since ? " They lack the use that AWS recorded." : "";
    return [`Not seen in the CloudTrail logs, which begin on ${day(since)}.${missed}`];
  }
  const users = usersOf(seen);
  const head = users === "unclear" ? "Used, by people or machines" : `Used by ${users}`;
  return [
    `${head}, by the CloudTrail logs since ${day(since)}:`,
    ...ORIGINS.flatMap((origin) => {
      const all = uses.filter(({ by }) => by === origin);
      const more = all.length - LISTED;
      return [
        ...all.slice(0, LISTED).map(useText),
        ...(more > 0 ? [`  ${origin}: ${more} more callers, addresses or user agents`] : []),
      ];
    }),
  ];
}

function useText({ by, sure, because, caller, mfa, agent, source, last, events }: SeenUse): string {
  const origin = by === "unclear" ? by : `${by}, ${sure}`;
  const from = source === "" ? "" : ` from ${source}`;
  const suffix = agent === "" ? "" : `, ${agent}`;
  return `  ${origin}: ${because}; ${caller}${from}, ${mfa ? "with" : "without"} MFA, ${counted(events, "event")}, last on ${day(last)}${suffix}`;
}

function lastUseText(use: LastUse): string {
  switch (use.kind) {
    case "used": {
      const { at, of, region, user } = use;
      const by = user === undefined ? "" : ` by ${user}`;
      const credential = of === "role" ? "" : ` with ${of === "password" ? "a password" : "an access key"}`;
      const where = region === undefined ? "" : ` in ${region}`;
      return `Last used on ${day(at)}${by}${credential}${where}, by ${of === "role" ? "RoleLastUsed" : "the credential report"}.`;
    }
    case "not recorded": {
      const { of, createdAt } = use;
      if (of === "role") {
        const created = createdAt === undefined ? "" : ` It was created on ${day(createdAt)}.`;
        return `AWS recorded no use in the ${TRACKED_DAYS} days that RoleLastUsed covers.${created}`;
      }
      const whose =
        of === "members" ? "its members' passwords or access keys" : "its password or access keys";
      const created =
        createdAt === undefined ? "" : ` The newest access key was created on ${day(createdAt)}.`;
      return `The credential report has no use of ${whose}.${created}`;
    }
    case "nobody": {
      const { members } = use;
      if (members === 0) return "It has no members.";
      return members === 1
        ? "Its one member has no password and no active access key."
        : `None of its ${members} members has a password or an active access key.`;
    }
  }
}

/** In UTC. */
function day(iso: string): string {
  return iso.slice(0, 10);
}
