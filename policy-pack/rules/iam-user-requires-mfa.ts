import type { Assessment } from "../evaluation/assessment";
import { type ConfigOf, type Rule, STRINGS, UNKNOWN } from "../evaluation/rule";
import { anchoredPatterns } from "../iam/encode/policy-pattern";
import { inSet } from "../iam/solver/match";
import type { Holder } from "../iam-graph/declared";
import type { IamGraph } from "../iam-graph/graph";
import { typesOf } from "../iam-graph/resource-types";
import { few } from "../messages/document";
import { guardFix, type OpenGuard } from "../messages/guard-fix";
import { linesOf } from "../messages/lines";
import { described } from "../messages/result";
import { GUARD } from "./iam-group-requires-mfa";

const CONFIGURATION = {
  ...GUARD,
  guardedGroups: {
    ...STRINGS,
    description: "Name patterns (* and ?) of guarded groups that another stack declares.",
  },
  unknown: UNKNOWN,
} as const;

type Config = ConfigOf<typeof CONFIGURATION>;

/** What the rule finds about a user, or about a credential of a user that is declared elsewhere. */
export type UserData =
  /** `by`: names of groups, and `own policies`; empty if only the organization's policies guard the user. */
  | { readonly code: "guarded"; readonly by: readonly string[] }
  /** Nothing here requires MFA of the user, and no credential of theirs is declared. */
  | { readonly code: "no-credentials" }
  | { readonly code: "guard-unknown"; readonly credentials: readonly string[] }
  | { readonly code: "credential-of-another"; readonly what: string }
  | {
      readonly code: "no-guard";
      readonly credentials: readonly string[];
      /** Groups that are not declared, and not named in the configuration. */
      readonly outside: readonly string[];
      /** Resources that would remove the user from a guarded group. */
      readonly contested: readonly string[];
      /** The user's own guard, if it only has a gap. */
      readonly own: OpenGuard | undefined;
      readonly allowedWithoutMfa: readonly string[];
    };

/** Reports a user with credentials of whom nothing requires MFA. */
export const iamUserRequiresMfa: Rule<typeof CONFIGURATION, UserData> = {
  about: {
    name: "iam-user-requires-mfa",
    displayName: "A user with credentials must use MFA",
    description:
      "Reports an IAM user with an access key, a password, a service-specific credential or an SSH public key who is in no guarded group and has no guard.",
    severity: "high",
    level: "advisory",
    framework: {
      name: "AWS Foundational Security Best Practices",
      version: "1.0.0",
      reference: "IAM.19",
      specification: "MFA should be enabled for all IAM users",
    },
    tags: ["aws", "iam", "mfa", "user"],
    steps: "Add the user to a group with a guard, or attach the guard to the user.",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    configuration: CONFIGURATION,
  },
  scope: "stack",
  decides: "user",
  types: typesOf("user"),

  assess(graph, config) {
    const { of, stray } = graph.credentials();
    const guardOf = graph.guards(config);
    const users = graph.holders("users").map((user): Assessment<UserData> => {
      const credentials = (of.get(user) ?? []).map(({ what }) => what);
      return assessUser(graph, user, [...new Set(credentials)], guardOf, config);
    });
    const elsewhere = stray.map(({ resource: subject, what }): Assessment<UserData> => {
      return { subject, verdict: "unknown", data: { code: "credential-of-another", what } };
    });
    return [...users, ...elsewhere];
  },

  describe({ data }) {
    switch (data.code) {
      case "guarded":
        return described(
          data.by.length === 0
            ? "Without MFA, the user can only enroll a device."
            : `MFA is required by ${few(data.by)}.`,
        );
      case "no-credentials":
        return described("Nothing here requires MFA of the user, and no credentials are declared here.");
      case "guard-unknown":
        return {
          reason: "A policy or a group of the user is not known yet, and the others are not a guard.",
          lines: [
            `this user has ${data.credentials.join(" and ")}, and a policy or a membership is not known`,
          ],
        };
      case "credential-of-another":
        return {
          reason: `Has ${data.what}, and is declared elsewhere.`,
          lines: [`${data.what} of a user that this stack does not declare`],
        };
      case "no-guard":
        return describeOpen(data);
    }
  },
};

function assessUser(
  graph: IamGraph,
  user: Holder,
  credentials: readonly string[],
  guardOf: ReturnType<IamGraph["guards"]>,
  config: Config,
): Assessment<UserData> {
  const { declared, outside, mayBeOutside, hasUnresolved, contested } = graph.groupsOf(user);
  const { resource: subject } = user;
  const verdictOf = (holder: Holder) => guardOf(holder).verdict;
  const { verdict: own, closedBy } = guardOf(user);
  const known = anchoredPatterns(config.guardedGroups);
  const groups = [
    ...declared
      .filter((group) => verdictOf(group).kind === "guarded" && guardOf(group).closedBy === undefined)
      .map(({ name, resource }) => (typeof name === "string" ? name : resource.name)),
    ...outside.filter((name) => inSet(known, name)),
  ];
  if (own.kind === "guarded" || groups.length > 0) {
    const isOwn = own.kind === "guarded" && closedBy === undefined;
    const by = [...groups, ...(isOwn ? ["own policies"] : [])];
    const limited = by.length === 0 && closedBy !== undefined ? { closedBy } : {};
    return { subject, verdict: "closed", data: { code: "guarded", by }, arguments: by, ...limited };
  }
  if (credentials.length === 0) return { subject, verdict: "closed", data: { code: "no-credentials" } };
  if (
    own.kind === "unknown" ||
    hasUnresolved ||
    (mayBeOutside && known.length > 0) ||
    declared.some((group) => verdictOf(group).kind === "unknown")
  ) {
    return { subject, verdict: "unknown", data: { code: "guard-unknown", credentials } };
  }
  const taking = contested.flatMap(({ group, by }) => (verdictOf(group).kind === "guarded" ? by : []));
  const data: UserData = {
    code: "no-guard",
    credentials,
    outside,
    contested: [...new Set(taking)],
    own: own.gap === undefined ? undefined : own,
    allowedWithoutMfa: config.allowedWithoutMfa,
  };
  return { subject, verdict: "open", data, arguments: credentials };
}

function describeOpen({
  credentials,
  outside,
  contested,
  own,
  allowedWithoutMfa,
}: Extract<UserData, { code: "no-guard" }>) {
  const has = credentials.join(" and ");
  return {
    reason: `Has ${has}, and nothing requires MFA of the user.`,
    lines: linesOf(
      `This user has ${has} that ${credentials.length === 1 ? "works" : "work"} without MFA: the user is in no guarded group and has no guard.`,
      outside.length > 0 &&
        `  Groups that this stack does not declare: ${outside.join(", ")}. If one is guarded, name it in guardedGroups.`,
      contested.map(
        (name) =>
          `  ${name} owns all members of a guarded group and does not name this user, so it removes the user. Name the user there.`,
      ),
      own === undefined
        ? "Fix: add the user to a group with a guard, or attach the guard to the user."
        : guardFix(own, "attach", { allowedWithoutMfa }),
    ),
  };
}
