import type { IamGraph } from "../iam-graph/graph";
import type { Assessment } from "./assessment";
import { type Exemption, exemptionFor } from "./exemption";
import type { Rule } from "./rule";
import type { Setting } from "./settings";

/**
 * The effect of an assessment. `violation`: the rule rejects or reports it. `exempt`: an exemption covers the violation. `note`:
 * it is reported, but rejects nothing. `pass`: nothing is reported.
 */
export type Effect = "violation" | "exempt" | "note" | "pass";

/** An assessment and its effect, under a configuration and at a time. */
export interface Result {
  readonly rule: Rule;
  readonly level: Setting["level"];
  readonly assessment: Assessment;
  readonly effect: Effect;
  /** The exemption that covers the violation, or that covered it until it expired. */
  readonly exemption?: Exemption;
}

/** Runs each rule once on a graph. */
export function evaluate(graph: IamGraph, settings: readonly Setting[], now: Date): readonly Result[] {
  return settings.flatMap((setting) => {
    const { rule, level, config } = setting;
    return rule.assess(graph, config).map((assessment): Result => {
      const effect = effectOf(assessment, config);
      const result = { rule, level, assessment, effect };
      const covered =
        effect === "violation" && config.exemptions.length > 0
          ? exemptionFor(assessment.subject, config.exemptions, now)
          : undefined;
      if (covered === undefined) return result;
      const { exemption, expired } = covered;
      return { ...result, effect: expired ? "violation" : "exempt", exemption };
    });
  });
}

function effectOf({ verdict }: Assessment, config: object): Effect {
  switch (verdict) {
    case "open":
    case "refused":
      return "violation";
    case "unknown":
      return "unknown" in config && config.unknown === "reject" ? "violation" : "note";
    case "anyone-with-mfa":
      return "note";
    case "closed":
    case "exempt":
      return "pass";
  }
}
