import { memoize } from "aws-mfa-policy-pack/iam";
import type { SeenUse } from "../../report";
import type { Origin } from "./origin";

/** How many different uses of one subject are kept; further ones are counted by their origin. */
const KEPT = 20;
/** A caller in so many hours of the day, over so many days, is not a person. */
const [HOURS, DAYS_MS] = [20, 3 * 24 * 60 * 60 * 1000];

/** How often and when a use was seen. */
export type Counted = Pick<SeenUse, "first" | "last" | "events">;

type Use = Pick<SeenUse, "by" | "sure" | "because" | "caller" | "agent" | "source">;

/** Counts uses by subject, and those that only differ in their time as one. Memory grows with these, not with the events. */
export class Uses<T extends Use> {
  readonly #subjects = new Map<string, Map<string, { use: T; counted: Counted; hours: number }>>();

  add(subject: string, use: T, at: string): void {
    const uses = memoize(this.#subjects, subject, () => new Map());
    const own = JSON.stringify(use);
    const isKept = uses.has(own) || uses.size < KEPT;
    const kept = isKept ? use : { ...use, caller: "others", agent: "", source: "" };
    const key = isKept ? own : JSON.stringify(kept);
    const { counted, hours } = uses.get(key) ?? { counted: { first: at, last: at, events: 0 }, hours: 0 };
    uses.set(key, {
      use: kept,
      counted: { ...widened(counted, at), events: counted.events + 1 },
      // A bit for each hour of the day.
      hours: hours | (1 << new Date(at).getUTCHours()),
    });
  }

  subjects(): readonly string[] {
    return [...this.#subjects.keys()];
  }

  of(subject: string): readonly (T & Counted)[] {
    return [...(this.#subjects.get(subject)?.values() ?? [])].map(({ use, counted, hours }) => ({
      ...use,
      ...(isRound(use, counted, hours) ? ROUND_THE_CLOCK : {}),
      ...counted,
    }));
  }
}

const ROUND_THE_CLOCK: Origin = { by: "machines", sure: "likely", because: "calls around the clock" };

/** A caller of unclear origin is a machine if it calls around the clock. */
function isRound({ by, caller }: Use, { first, last }: Counted, hours: number): boolean {
  const inHours = [...hours.toString(2)].filter((bit) => bit === "1").length;
  const isLong = Date.parse(last) - Date.parse(first) >= DAYS_MS;
  return by === "unclear" && caller !== "others" && inHours >= HOURS && isLong;
}

export function widened({ first, last }: Pick<Counted, "first" | "last">, at: string) {
  return { first: at < first ? at : first, last: at > last ? at : last };
}
