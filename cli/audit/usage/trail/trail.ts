import { memoize } from "aws-mfa-policy-pack/iam";
import type { Seen, SeenUse } from "../../report";
import { parseEvent, sightingsIn, type TrailEvent } from "./event";
import { type Origin, originOf } from "./origin";

/** How many different uses of one subject are kept apart; further ones are counted by their origin. */
const KEPT = 20;
const LONGEST = 400;
/** Who calls in so many hours of the day, over so many days, does not sleep. */
const [HOURS, DAYS_MS] = [20, 3 * 24 * 60 * 60 * 1000];

/** What the logs hold of an account. Times are ISO 8601. */
export interface Coverage {
  readonly first: string;
  readonly last: string;
  readonly events: number;
  readonly regions: ReadonlySet<string>;
}

interface Counted extends SeenUse {
  /** The hours of the day in which it was seen, a bit each. */
  readonly hours: number;
}

/** What CloudTrail's events show of who uses which role and user. Memory grows with these, not with the events. */
export class Trail {
  readonly #accounts = new Map<string, Coverage & { readonly regions: Set<string> }>();
  readonly #uses = new Map<string, Map<string, Counted>>();

  /** Counts a record, given as JSON text. Gives what is wrong with one that is no event. */
  add(text: string): string | undefined {
    const event = parseEvent(text);
    if ("wrong" in event) return event.wrong;
    this.#cover(event);
    const origin = originOf(event);
    const agent = (event.userAgent ?? "").slice(0, LONGEST);
    const source = (event.sourceIPAddress ?? "").slice(0, LONGEST);
    for (const { subject, caller, mfa } of sightingsIn(event)) {
      const use = { ...origin, mfa, caller: caller.slice(0, LONGEST), agent, source };
      this.#count(subject, use, event.eventTime);
    }
    return undefined;
  }

  /** What the logs hold of an account; `undefined` where it is nothing. */
  coverageOf(account: string): Coverage | undefined {
    return this.#accounts.get(account);
  }

  /**
   * What the logs show of the use of a role or a user, or of a group by its members.
   *
   * @param arns whose uses count
   * @returns `undefined` where they hold nothing of the account, so that nothing can be said
   */
  seenOf(account: string, arns: readonly string[]): Seen | undefined {
    const uses = arns
      .flatMap((arn) => [...(this.#uses.get(arn)?.values() ?? [])])
      .map(withRhythm)
      .toSorted((a, b) => (a.last < b.last ? 1 : -1));
    const since = this.#accounts.get(account)?.first ?? uses.map(({ first }) => first).toSorted()[0];
    return since === undefined ? undefined : { since, uses };
  }

  #cover({ recipientAccountId, userIdentity, eventTime, awsRegion }: TrailEvent): void {
    const account = recipientAccountId ?? userIdentity?.accountId;
    if (account === undefined) return;
    const { first, last, events, regions } = this.#accounts.get(account) ?? {
      ...{ first: eventTime, last: eventTime, events: 0, regions: new Set<string>() },
    };
    if (awsRegion !== undefined) regions.add(awsRegion);
    this.#accounts.set(account, { ...widened({ first, last }, eventTime), events: events + 1, regions });
  }

  #count(subject: string, use: Omit<SeenUse, "first" | "last" | "events">, at: string): void {
    const uses = memoize(this.#uses, subject, () => new Map<string, Counted>());
    const own = JSON.stringify(use);
    const isKept = uses.has(own) || uses.size < KEPT;
    const kept = isKept ? use : { ...use, caller: "others", agent: "", source: "" };
    const key = isKept ? own : JSON.stringify(kept);
    const { first, last, events, hours } = uses.get(key) ?? { first: at, last: at, events: 0, hours: 0 };
    uses.set(key, {
      ...kept,
      ...widened({ first, last }, at),
      events: events + 1,
      hours: hours | (1 << new Date(at).getUTCHours()),
    });
  }
}

function widened({ first, last }: Pick<Coverage, "first" | "last">, at: string) {
  return { first: at < first ? at : first, last: at > last ? at : last };
}

/** A caller that nothing else tells is a machine where it calls around the clock. */
function withRhythm({ hours, ...use }: Counted): SeenUse {
  const inHours = [...hours.toString(2)].filter((bit) => bit === "1").length;
  const isRound = inHours >= HOURS && Date.parse(use.last) - Date.parse(use.first) >= DAYS_MS;
  const origin: Origin = { by: "machines", sure: "likely", because: "calls around the clock" };
  return use.by === "unclear" && use.caller !== "others" && isRound ? { ...use, ...origin } : use;
}
