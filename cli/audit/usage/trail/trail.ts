import type { Seen, SeenUse } from "../../report";
import { parseEvent, sightingsIn, type TrailEvent } from "./event";
import { originOf } from "./origin";
import { type Counted, Uses, widened } from "./uses";

/** Longer values that a caller chooses are cut. */
export const LONGEST = 400;

/** The events of an account in the logs. Times are ISO 8601. */
export interface Coverage {
  readonly first: string;
  readonly last: string;
  readonly events: number;
  readonly regions: ReadonlySet<string>;
}

/** Collects from CloudTrail events who uses which role and user. Memory grows with these, not with the events. */
export class Trail {
  readonly #accounts = new Map<string, Coverage & { readonly regions: Set<string> }>();
  readonly #uses = new Uses<Omit<SeenUse, keyof Counted>>();

  /** Calls `onEvent` for each event. */
  constructor(private readonly onEvent: (event: TrailEvent) => void = () => {}) {}

  /** Adds a record as JSON. Returns what is wrong with it if it is not an event. */
  add(text: string): string | undefined {
    const event = parseEvent(text);
    if ("wrong" in event) return event.wrong;
    this.onEvent(event);
    this.#cover(event);
    const origin = originOf(event);
    const source = sourceOf(event);
    for (const { subject, caller, mfa } of sightingsIn(event)) {
      this.#uses.add(
        subject,
        { ...origin, mfa, caller: caller.slice(0, LONGEST), ...source },
        event.eventTime,
      );
    }
    return undefined;
  }

  /** `undefined` if the logs have no event of the account. */
  coverageOf(account: string): Coverage | undefined {
    return this.#accounts.get(account);
  }

  /**
   * The uses of a role, of a user, or of a group by its members.
   *
   * @param arns the role, the user or the members
   * @returns `undefined` if the logs have no event of the account
   */
  seenOf(account: string, arns: readonly string[]): Seen | undefined {
    const uses = arns.flatMap((arn) => this.#uses.of(arn)).toSorted((a, b) => (a.last < b.last ? 1 : -1));
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
}

/** The user agent and the source of a call. */
export function sourceOf({ userAgent, sourceIPAddress }: TrailEvent): Pick<SeenUse, "agent" | "source"> {
  return { agent: (userAgent ?? "").slice(0, LONGEST), source: (sourceIPAddress ?? "").slice(0, LONGEST) };
}
