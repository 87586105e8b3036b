import { RESOURCE_TYPES } from "../iam-graph/resource-types";
import { NOTHING_FOUND } from "./finding";
import type { Common, ResourceRule } from "./rule";

export interface SessionConfig extends Common {
  readonly maxSeconds: number;
}

/** Reports a role whose sessions may last longer than the configured maximum. */
export const iamRoleSessionDuration: ResourceRule<SessionConfig> = {
  kind: "resource",
  about: {
    name: "iam-role-session-duration",
    displayName: "A role's session is short",
    description: "Reports an IAM role whose maxSessionDuration exceeds a maximum, 4 hours unless configured.",
    severity: "low",
    level: "advisory",
    tags: ["aws", "iam", "session"],
    steps: "Lower maxSessionDuration, or give long jobs a role of their own and exempt it with a reason.",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html",
    configuration: {
      maxSeconds: {
        type: "integer",
        minimum: 3600,
        default: 14_400,
        description: "The longest session, in seconds. AWS takes 3600 to 43200 for a role.",
      },
    },
  },
  types: new Set([...RESOURCE_TYPES].flatMap(([type, row]) => (row.kind === "role" ? [type] : []))),

  judge(resource, { maxSeconds }) {
    const row = RESOURCE_TYPES.get(resource.type);
    const seconds = row?.kind === "role" ? Number(resource.props[row.maxSession]) : Number.NaN;
    if (row?.kind !== "role" || !(seconds > maxSeconds)) return NOTHING_FOUND;
    const message = [
      `A session of this role may last ${seconds} seconds, longer than ${maxSeconds}: stolen session keys stay good as long.`,
      `Fix: set ${row.maxSession} to at most ${maxSeconds}.`,
    ].join("\n");
    return { violations: [{ resource, message }], notes: [] };
  },
};
