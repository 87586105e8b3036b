import type { Rule } from "../evaluation/rule";
import { RESOURCE_TYPES, typesOf } from "../iam-graph/resource-types";
import { described } from "../messages/result";

const CONFIGURATION = {
  maxSeconds: {
    type: "integer",
    minimum: 3600,
    default: 14_400,
    description: "The longest session, in seconds. AWS allows 3600 to 43200 for a role.",
  },
} as const;

interface SessionData {
  readonly code: "session-too-long";
  readonly seconds: number;
  readonly maxSeconds: number;
  readonly property: string;
}

/** Reports a role whose sessions can last longer than the configured maximum. */
export const iamRoleSessionDuration: Rule<typeof CONFIGURATION, SessionData> = {
  about: {
    name: "iam-role-session-duration",
    displayName: "A role's session is short",
    description: "Reports an IAM role whose maxSessionDuration exceeds a maximum, 4 hours unless configured.",
    severity: "low",
    level: "advisory",
    tags: ["aws", "iam", "session"],
    steps: "Lower maxSessionDuration, or give long jobs a role of their own and exempt it with a reason.",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html",
    configuration: CONFIGURATION,
  },
  scope: "resource",
  types: typesOf("role"),

  assess(graph, { maxSeconds }) {
    return graph.holders("roles").flatMap(({ resource: subject }) => {
      const row = RESOURCE_TYPES.get(subject.type);
      const property = row?.kind === "role" ? row.maxSession : "";
      const seconds = Number(subject.props[property]);
      if (!(seconds > maxSeconds)) return [];
      const data = { code: "session-too-long", seconds, maxSeconds, property } as const;
      return [{ subject, verdict: "open", data, arguments: [String(seconds)] }];
    });
  },

  describe({ data: { seconds, maxSeconds, property } }) {
    return described(
      `A session of this role can last ${seconds} seconds, longer than ${maxSeconds}: stolen session credentials work just as long.`,
      `Fix: set ${property} to at most ${maxSeconds}.`,
    );
  },
};
