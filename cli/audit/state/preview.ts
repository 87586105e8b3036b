import { z } from "zod";
import { Failure } from "../../failure";
import type { AuditInput } from "../input";
import { nameOf, stackOf, stateResource } from "./state";

const preview = z.looseObject({
  steps: z.array(
    z.looseObject({
      op: z.string(),
      urn: z.string(),
      oldState: stateResource.optional(),
      newState: stateResource.optional(),
    }),
  ),
  changeSummary: z.record(z.string(), z.number()),
});
type Step = z.output<typeof preview>["steps"][number];

/**
 * Reads the output of `pulumi preview --json --show-sames` as the state after the update. Secrets, and values that only the update
 * determines, are unknown to the rules. `undefined` for anything else.
 *
 * @throws Failure (`unseen`) without `--show-sames`: a resource that does not change may be the guard of a group
 */
export function readPreview(value: unknown, path: string): AuditInput | undefined {
  const parsed = preview.safeParse(value);
  if (!parsed.success) return undefined;
  const { steps, changeSummary } = parsed.data;
  const missing = (changeSummary.same ?? 0) - steps.filter(({ op }) => op === "same").length;
  if (missing > 0) {
    const what = missing === 1 ? "a resource" : `${missing} resources`;
    throw new Failure(
      "unseen",
      `The preview omits ${what} that will not change.`,
      "Create it: pulumi preview --json --show-sames",
    );
  }
  // A replaced resource has several steps; the last one deletes the old resource.
  const after = new Map<string, z.output<typeof stateResource>>();
  for (const step of steps) {
    const state = stateAfter(step);
    if (state !== undefined) after.set(step.urn, state);
    else if (step.op === "delete") after.delete(step.urn);
  }
  const resources = [...after.values()];
  return stackOf(resources, nameOf(resources) ?? path);
}

/** Only the old state of an unchanged resource has the outputs. An update keeps the id. */
function stateAfter({ op, oldState, newState }: Step): z.output<typeof stateResource> | undefined {
  if (op === "same") return oldState ?? newState;
  return op === "update" && newState !== undefined ? { ...newState, id: oldState?.id } : newState;
}
