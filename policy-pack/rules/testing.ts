import { evaluate } from "../evaluation/evaluate";
import type { Rule } from "../evaluation/rule";
import { settingsOf } from "../evaluation/settings";
import { IamGraph } from "../iam-graph/graph";
import type { ExampleResource } from "./example";

/** What a rule finds of each subject, such as `deploy: open trust-policy, violation`. */
export function assessed(rule: Rule, resources: readonly ExampleResource[], config: object = {}): string[] {
  const graph = new IamGraph(
    resources.map(({ type, name, props, secretOutputs = [] }) => {
      return {
        urn: `urn:pulumi:dev::app::${type}::${name}`,
        type,
        name,
        props,
        secretOutputs,
        dependencies: {},
      };
    }),
  );
  const settings = settingsOf([rule], new Map([[rule.about.name, { config }]]));
  return evaluate(graph, settings, new Date("2030-01-31")).map(
    ({ effect, assessment: { subject, verdict, data } }) =>
      `${subject.name}: ${verdict} ${data.code}, ${effect}`,
  );
}
