import type { LastUse, Subject } from "../report";

/** How far back AWS records the use of a role; less in a region that is newer. Source: IAM API reference, RoleLastUsed. */
const TRACKED_DAYS = 400;

/** What is known of who uses a subject, in sentences. Names in them are as the account has them. */
export function usageInWords({ lastUse }: Pick<Subject, "lastUse">): readonly string[] {
  return lastUse === undefined ? [] : [lastUseInWords(lastUse)];
}

/** The same in a few words, for a table. */
export function usageCell({ lastUse }: Pick<Subject, "lastUse">): string {
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

function lastUseInWords(use: LastUse): string {
  switch (use.kind) {
    case "used": {
      const { at, of, region, user } = use;
      const who = user === undefined ? "" : ` by ${user}`;
      const how = of === "role" ? "" : ` with ${of === "password" ? "a password" : "an access key"}`;
      const where = region === undefined ? "" : ` in ${region}`;
      return `Last used on ${day(at)}${who}${how}${where}, by ${of === "role" ? "RoleLastUsed" : "the credential report"}.`;
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
