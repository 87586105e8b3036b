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
 * Reads what `pulumi preview --json --show-sames` prints, as the state that the update would leave. Secrets are not in it, and a
 * value that only the update tells is unknown. `undefined` for anything else.
 *
 * @throws Failure (`unseen`) where it leaves out what does not change, as it does by default: that may hold the guard of a group
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
  // A resource that is replaced has several steps, of which deleting the old one is the last.
  const left = new Map<string, z.output<typeof stateResource>>();
  for (const step of steps) {
    const state = stateAfter(step);
    if (state !== undefined) left.set(step.urn, state);
    else if (step.op === "delete") left.delete(step.urn);
  }
  const resources = [...left.values()];
  return stackOf(resources, nameOf(resources) ?? path);
}

/** Of what stays, only the old state has what AWS told; an update keeps the id. */
function stateAfter({ op, oldState, newState }: Step): z.output<typeof stateResource> | undefined {
  if (op === "same") return oldState ?? newState;
  return op === "update" && newState !== undefined ? { ...newState, id: oldState?.id } : newState;
}
