import type { NestedResources } from "../iam-graph/nested-resources";
import type { Resource } from "../iam-graph/resource";
import { type Findings, NOTHING_FOUND } from "./finding";
import type { Common, ResourceRule, StackRule } from "./rule";

/** What a rule says of the parts of a template that it cannot see. */
export function unseenIn<C extends Common>(
  rule: ResourceRule<C> | StackRule<C>,
  holder: Resource,
  { unseen, broken }: NestedResources,
  config: C,
): Findings {
  if (rule.unseen === undefined) return NOTHING_FOUND;
  if (broken !== undefined && rule.kind === "resource") {
    const message = `The template cannot be read, so it cannot be judged: ${broken}.\nFix: correct the template.`;
    return { violations: [{ resource: holder, message }], notes: [] };
  }
  return unseen.length === 0 ? NOTHING_FOUND : rule.unseen(holder, unseen.join(", "), config);
}
