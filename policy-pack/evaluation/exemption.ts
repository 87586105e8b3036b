import { anchoredPatterns } from "../iam/encode/policy-pattern";
import { matches } from "../iam/solver/match";
import type { Subject } from "./assessment";
import type { Value } from "./configuration";

const pattern = (of: string) =>
  ({
    type: "string",
    minLength: 1,
    description: `Pattern of the resource's ${of} (anchored, with * and ?).`,
  }) as const;

/** The list of exemptions, which every rule has. All patterns of an exemption must match. */
export const EXEMPTIONS = {
  type: "array",
  description: "Resources that this policy skips, each with a reason. Used exemptions are reported.",
  items: {
    type: "object",
    additionalProperties: false,
    required: ["reason"],
    properties: {
      name: pattern("name"),
      urn: pattern("URN"),
      type: pattern("type"),
      reason: { type: "string", minLength: 1, description: "The reason." },
      expires: {
        type: "string",
        pattern: "^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z)?$",
        description: "The last day (UTC), or a time. After that, the violation is reported again.",
      },
    },
  },
} as const;

export type Exemption = Value<typeof EXEMPTIONS.items>;

/** The exemption that covers a subject at a time, or else one that has expired. */
export function exemptionFor(
  subject: Subject,
  exemptions: readonly Exemption[],
  now: Date,
): { readonly exemption: Exemption; readonly expired: boolean } | undefined {
  const covering = exemptions.filter((exemption) => covers(exemption, subject));
  const valid = covering.find(({ expires }) => expires === undefined || now.getTime() <= endOf(expires));
  const [exemption] = valid === undefined ? covering : [valid];
  return exemption === undefined ? undefined : { exemption, expired: valid === undefined };
}

function covers(exemption: Exemption, subject: Subject): boolean {
  const asked = (["name", "urn", "type"] as const).flatMap((key) => {
    const pattern = exemption[key];
    const value = key === "urn" ? (subject.declaredBy ?? subject.urn) : subject[key];
    return pattern === undefined ? [] : [{ pattern, value }];
  });
  return (
    asked.length > 0 &&
    asked.every(({ pattern, value }) => anchoredPatterns([pattern]).some((each) => matches(each, value)))
  );
}

/** Milliseconds since 1970; a day lasts to its end. */
function endOf(expires: string): number {
  return Date.parse(/^\d{4}-\d\d-\d\d$/.test(expires) ? `${expires}T23:59:59.999Z` : expires);
}
