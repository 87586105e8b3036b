import { type Assessment, type RefusedDocument, refusedDocument } from "../evaluation/assessment";
import { type ConfigOf, type Description, type Rule, STRINGS, UNKNOWN } from "../evaluation/rule";
import { decideGuard } from "../iam/guard/decide";
import { grantsRequireMfa } from "../iam/guard/grants";
import { DEFAULT_GUARD_RULES } from "../iam/guard/verdict";
import { written } from "../iam/policy/unknown";
import { type Holder, homeOf } from "../iam-graph/declared";
import type { IamGraph } from "../iam-graph/graph";
import { policiesIn } from "../iam-graph/guard";
import { isOfAws } from "../iam-graph/reference";
import type { Resource } from "../iam-graph/resource";
import { typesOf } from "../iam-graph/resource-types";
import { describeRefused, few } from "../messages/document";
import { guardFix, type OpenGuard } from "../messages/guard-fix";
import { linesOf } from "../messages/lines";
import { described } from "../messages/result";

/** The configuration of guards, for groups and for users. */
export const GUARD = {
  allowedWithoutMfa: {
    ...STRINGS,
    default: DEFAULT_GUARD_RULES.allowedWithoutMfa,
    description:
      "Action patterns that may stay open without MFA. With sts:GetFederationToken among them, its sessions must be guarded, too.",
  },
  guardPolicyArns: {
    ...STRINGS,
    description: "ARN patterns (* and ?) of the organization's own guard policies, attached by ARN.",
  },
} as const;

const CONFIGURATION = {
  ...GUARD,
  requires: {
    type: "string",
    enum: ["guard", "grants"],
    default: "guard",
    description:
      '"guard": without MFA, members can only do what allowedWithoutMfa lists. "grants": a weaker form, in which only what the ' +
      "group itself grants requires MFA; what its members are allowed from elsewhere does not.",
  },
  guardedMembers: {
    type: "string",
    enum: ["reject", "accept"],
    default: "reject",
    description:
      "What to do with a group without a guard if another group or their own policies require MFA of each of its members.",
  },
  unknown: UNKNOWN,
} as const;

type Config = ConfigOf<typeof CONFIGURATION>;
type GuardOf = ReturnType<IamGraph["guards"]>;

/** What the rule finds about a group, a policy that is not attached, or a resource that may declare groups. */
export type GroupData =
  | RefusedDocument
  | { readonly code: "groups-unseen"; readonly what: string }
  | { readonly code: "guard" }
  | { readonly code: "grants-require-mfa" }
  | { readonly code: "members-guarded"; readonly members: readonly string[] }
  | { readonly code: "policy-unknown" }
  | {
      readonly code: "no-guard";
      readonly guard: OpenGuard;
      readonly allowedWithoutMfa: readonly string[];
      readonly carriesNothing: boolean;
      /** ARNs of attached policies that are neither declared nor AWS managed. */
      readonly outside: readonly string[];
      readonly grantsRequireMfa: boolean;
      /** Its members, if something else requires MFA of each. */
      readonly guardedMembers: readonly string[];
    }
  | { readonly code: "policy-is-guard" }
  | {
      readonly code: "policy-is-no-guard";
      readonly guard: OpenGuard;
      readonly allowedWithoutMfa: readonly string[];
    };

/** Rejects a group whose members can do more without MFA than enroll a device. */
export const iamGroupRequiresMfa: Rule<typeof CONFIGURATION, GroupData> = {
  about: {
    name: "iam-group-requires-mfa",
    displayName: "A group denies everything without MFA",
    description:
      "Rejects an IAM group without a guard: a Deny of everything except a short list without MFA.",
    severity: "critical",
    level: "mandatory",
    tags: ["aws", "iam", "mfa", "group"],
    steps:
      "Attach a policy that denies everything (NotAction with a short list, Resource *) under the condition " +
      '{"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}. Bool lets every access key through.',
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html",
    configuration: CONFIGURATION,
  },
  scope: "stack",
  decides: "group",
  types: typesOf("group"),

  assess(graph, config) {
    const unseen = graph.nested.flatMap(({ holder: subject, unseen }): Assessment<GroupData>[] => {
      const what = unseen.join(", ");
      return what === ""
        ? []
        : [{ subject, verdict: "unknown", data: { code: "groups-unseen", what }, arguments: [what] }];
    });
    const guardOf = graph.guards(config);
    const groups = graph.holders("groups").flatMap((group) => assessGroup(graph, group, guardOf, config));
    const alone = graph.resources.filter(({ unattached }) => unattached === true);
    return [...groups, ...alone.flatMap((policy) => assessAlone(graph, policy, config)), ...unseen];
  },

  describe({ data }) {
    switch (data.code) {
      case "refused-document":
        return describeRefused(data);
      case "groups-unseen":
        return {
          reason: `Cannot see which groups ${data.what} declares.`,
          lines: [`groups that ${data.what} may declare`],
        };
      case "guard":
        return described("Without MFA, its members can only enroll a device.");
      case "grants-require-mfa":
        return described(
          "It has no guard, but what it grants requires MFA, which the configuration accepts.",
        );
      case "members-guarded":
        return described(
          `It has no guard, but something else requires MFA of its members: ${few(data.members)}.`,
        );
      case "policy-unknown":
        return {
          reason: "One of its policies is not known yet, and the others are not a guard.",
          lines: ["a policy of the group is not known, and the others are not a guard"],
        };
      case "no-guard":
        return describeOpen(data);
      case "policy-is-guard":
        return described("Without MFA, those that it is attached to can only enroll a device.");
      case "policy-is-no-guard":
        return {
          reason: `It does not deny ${data.guard.witness.action} without MFA.`,
          lines: [
            "This policy denies something without MFA, but does not require MFA of those that it is attached to.",
            ...guardFix(data.guard, "make it", data),
          ],
        };
    }
  },
};

function assessGroup(
  graph: IamGraph,
  group: Holder,
  guardOf: GuardOf,
  config: Config,
): readonly Assessment<GroupData>[] {
  const { resource: subject } = group;
  const { verdict, contested, refused, closedBy } = guardOf(group);
  const broken = refused.map((each) => refusedDocument(subject, each));
  const assessed = (
    is: "closed" | "open" | "unknown",
    data: GroupData,
    more: Partial<Assessment<GroupData>> = {},
  ) => [...broken, { subject, verdict: is, data, contested, policies: graph.policiesOf(group), ...more }];
  if (verdict.kind === "guarded") {
    return assessed("closed", { code: "guard" }, closedBy === undefined ? {} : { closedBy });
  }
  const { outcomes } = graph.carriedBy(group);
  const outside = [...new Set(outcomes.flatMap((each) => each.outside))];
  const holds =
    outside.length === 0 &&
    outcomes.every((carried) => grantsRequireMfa(policiesIn(carried), config, homeOf(subject)));
  const carriesNothing = outside.length === 0 && outcomes.every(({ documents }) => documents.length === 0);
  const isHeld = holds && !carriesNothing;
  if (isHeld && config.requires === "grants") return assessed("closed", { code: "grants-require-mfa" });
  const members = guardedMembers(graph, group, guardOf);
  if (members.length > 0 && config.guardedMembers === "accept") {
    return assessed("closed", { code: "members-guarded", members });
  }
  if (verdict.kind === "unknown") return assessed("unknown", { code: "policy-unknown" });
  const data: GroupData = {
    code: "no-guard",
    guard: verdict,
    allowedWithoutMfa: config.allowedWithoutMfa,
    carriesNothing,
    outside: outside.map(written).filter((arn) => !isOfAws(arn)),
    grantsRequireMfa: isHeld,
    guardedMembers: members,
  };
  return assessed("open", data, { ways: [verdict.witness] });
}

/** The members of a group if all are declared and something else requires MFA of each; else none. */
function guardedMembers(graph: IamGraph, group: Holder, guardOf: GuardOf): readonly string[] {
  if (graph.hasStrangers(group)) return [];
  const members = graph.membersOf(group);
  const isGuarded = (holder: Holder) => guardOf(holder).verdict.kind === "guarded";
  return members.every((user) => isGuarded(user) || graph.groupsOf(user).declared.some(isGuarded))
    ? members.map(({ name, resource }) => (typeof name === "string" ? name : resource.name))
    : [];
}

/** A policy that denies something without MFA is meant as a guard, and must be one. */
function assessAlone(graph: IamGraph, subject: Resource, config: Config): readonly Assessment<GroupData>[] {
  return graph.documentsIn(subject).flatMap(({ document }): Assessment<GroupData>[] => {
    if (document.kind !== "policy") return [];
    const { policy } = document;
    const guard = decideGuard([policy], config);
    const isMeant = policy.statements.some(
      ({ effect, conditions }) =>
        effect === "Deny" && conditions.some(({ key }) => key.startsWith("aws:multifactorauth")),
    );
    if (guard.kind === "guarded") return [{ subject, verdict: "closed", data: { code: "policy-is-guard" } }];
    if (guard.kind !== "open" || !isMeant) return [];
    const { allowedWithoutMfa } = config;
    const data = { code: "policy-is-no-guard", guard, allowedWithoutMfa } as const;
    return [{ subject, verdict: "open", data, ways: [guard.witness], policies: [policy] }];
  });
}

function describeOpen(data: Extract<GroupData, { code: "no-guard" }>): Description {
  const { guard, outside } = data;
  return {
    reason: `None of its policies denies ${guard.decided ? guard.witness.action : "everything"} without MFA.`,
    lines: linesOf(
      data.carriesNothing
        ? "This group has no policy, so nothing requires MFA of its members."
        : "This group does not require MFA of its members.",
      guardFix(guard, "attach", data),
      guard.gap === undefined &&
        "  If its members are machines, a guard would lock them out: exempt the group, with a reason and an expiry date.",
      outside.length > 0 && `  If ${outside.join(", ")} is such a guard, name it in guardPolicyArns.`,
      data.grantsRequireMfa &&
        '  What this group grants requires MFA, but it has no guard. To accept such groups, configure {"requires":"grants"}.',
      data.guardedMembers.length > 0 &&
        `  Something else requires MFA of each of its members (${few(data.guardedMembers)}). To accept such groups, configure {"guardedMembers":"accept"}.`,
    ),
  };
}
