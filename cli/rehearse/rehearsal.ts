import { memoize, type RecordedOutcome } from "aws-mfa-policy-pack/iam";
import { placed } from "../audit/render/order";
import type { Report, SeenUse, Setup, Subject } from "../audit/report";
import { hasServiceAccess, lacksServiceAccess } from "../audit/usage/last-use";
import { hasMfa, type TrailEvent } from "../audit/usage/trail/event";
import { originOf } from "../audit/usage/trail/origin";
import { LONGEST, sourceOf, type Trail } from "../audit/usage/trail/trail";
import { type Counted, Uses } from "../audit/usage/trail/uses";
import { accountOf, isRoot, nameOf } from "./arn";
import { assumedIn, type Caller, callerIn } from "./caller";
import type { Change, Part } from "./change";
import { LAST_USE_MS, LastUses } from "./last-uses";
import { Parts } from "./parts";
import type { Affected, AffectedCall, Unseen, Unused } from "./plan";
import { requestsOf, serviceOf } from "./request";

const DAY_MS = 24 * 60 * 60 * 1000;
/** The period if the logs have no start. What was not used for that long counts as unused. */
const PERIOD_DAYS = 90;
/** The longest session of a role. */
const SESSION_MS = 12 * 60 * 60 * 1000;

type Call = Omit<AffectedCall, keyof Counted>;

/** When uses begin to count: by default with the first event of the logs. */
export interface Period {
  /** ISO 8601: earlier uses do not count. */
  readonly since?: string;
  /** Whether CloudTrail's event history was looked up, which covers 90 days even if it has no event. */
  readonly isLookedUp?: boolean;
  /** Whether it is the only log: it cannot be searched for the calls of a role. */
  readonly lacksRoleCalls?: boolean;
}

/** Someone who is affected, without the ways out. */
export type Stopped = Omit<Affected, "waysOut"> & { readonly parts: readonly Part[] };

/** Decides whether a change would have stopped recorded calls. */
export class Rehearsal {
  private readonly uses = new Uses<Call>();
  private readonly kinds = new Map<string, Affected["kind"]>();
  private readonly partsOf = new Map<string, Set<Part>>();
  private readonly parts: Parts;
  private readonly subjects: ReadonlyMap<string, Subject>;
  private readonly lastUses: LastUses;
  /** Roles whose sessions made a call at the last use that AWS recorded, and roles that were assumed for it. */
  private readonly seenRoles = { calling: new Set<string>(), assumed: new Set<string>() };

  constructor(
    change: Change,
    report: Report,
    private readonly period: Period,
    private readonly now: Date,
  ) {
    this.parts = new Parts(change.parts);
    this.subjects = new Map(placed(report).map(({ subject }) => [subject.id, subject]));
    this.lastUses = new LastUses(this.subjects.values());
  }

  /** Counts an event if the change would or may have stopped it. */
  readonly add = (event: TrailEvent): void => {
    const { since } = this.period;
    if (since !== undefined && event.eventTime < since) return;
    const caller = callerIn(event);
    this.lastUses.explain(event, caller.user);
    if (caller.kind === "role" && this.isLastUse(caller.id, event, 0)) this.seenRoles.calling.add(caller.id);
    const assumed = assumedIn(event);
    if (assumed !== undefined && !event.errorCode && this.isLastUse(assumed, event, SESSION_MS))
      this.seenRoles.assumed.add(assumed);
    const parts = this.parts.ofCall(event, caller);
    if (parts.length === 0) return;
    const requests = requestsOf(event);
    const byRoot = event.userIdentity?.type === "Root";
    for (const part of parts) {
      const outcome = byRoot && requests.length > 0 ? "undecided" : this.parts.outcome(part, requests);
      if (outcome !== "passes") this.count(event, caller, part, outcome);
    }
  };

  /** Those who would or may be stopped. `trail` is from the same logs. */
  affected(trail: Trail): readonly Stopped[] {
    const ids = new Set([...this.uses.subjects(), ...this.lastUses.users()]);
    return [...ids].flatMap((id): Stopped[] => {
      const calls = this.uses
        .of(id)
        .toSorted((a, b) => stoppedFirst(a.outcome, b.outcome) || b.events - a.events);
      const unseenUses = this.unseenUsesOf(id, trail);
      if (calls.length + unseenUses.length === 0) return [];
      // SCPs do not apply to the root user of the management account.
      const isSure =
        (unseenUses.length > 0 && !isRoot(id)) || calls.some(({ outcome }) => outcome === "stopped");
      return [
        {
          id,
          kind: this.kinds.get(id) ?? "user",
          name: nameOf(id),
          outcome: isSure ? "stopped" : "may be stopped",
          by: byOf(calls),
          calls,
          unseenUses,
          parts: [...(this.partsOf.get(id) ?? this.parts.ofUser(id))],
        },
      ];
    });
  }

  /** The roles with a recorded use that the logs do not show: who assumed the role or, under an SCP, what it called. */
  unseen(trail: Trail): readonly Unseen[] {
    const { calling, assumed } = this.seenRoles;
    return this.touched("role").flatMap(({ id, name, lastUse }): Unseen[] => {
      if (lastUse?.kind !== "used" || lastUse.at < this.start(id, trail)) return [];
      if (this.parts.ofRole(id).every(({ on }) => (on.kind === "accounts" ? calling : assumed).has(id)))
        return [];
      const { at, region } = lastUse;
      return [{ id, name, at, ...(region === undefined ? {} : { region }) }];
    });
  }

  /** What the change affects and nobody has used for 90 days, by AWS's own records and the logs. */
  unused(trail: Trail): readonly Unused[] {
    const long = new Date(this.now.getTime() - PERIOD_DAYS * DAY_MS).toISOString();
    const all = [...this.touched("role"), ...this.touched("user")].filter(({ id }) => !isRoot(id));
    return all.flatMap(({ kind, id, name, lastUse, setup }): Unused[] => {
      if (lastUse === undefined || lastUse.kind === "nobody" || (kind !== "role" && kind !== "user"))
        return [];
      // AWS does not record uses of service-specific credentials.
      if (setup !== undefined && !lacksServiceAccess(setup)) return [];
      const at = lastUse.kind === "used" ? lastUse.at : lastUse.createdAt;
      const isSeen = trail.seenOf(accountOf(id), [id])?.uses.some(({ last }) => last >= long) === true;
      return isSeen || at === undefined || at >= long ? [] : [{ kind, id, name, lastUse }];
    });
  }

  /** The roles whose calls an SCP or RCP may stop, if no log has them. */
  rolesWithoutCalls(): readonly Subject[] {
    if (this.period.lacksRoleCalls !== true) return [];
    return [...this.subjects.values()].filter(
      ({ kind, id }) => kind === "role" && this.parts.mayStopCallsOf(id),
    );
  }

  /** The subjects of a kind that the change applies to. */
  touched(kind: "user" | "role"): readonly Subject[] {
    return [...this.subjects.values()].filter(
      (each) =>
        each.kind === kind &&
        (kind === "role" ? this.parts.ofRole(each.id) : this.parts.ofUser(each.id)).length > 0,
    );
  }

  private count(event: TrailEvent, { id, kind }: Caller, part: Part, outcome: RecordedOutcome): void {
    const { eventName, eventTime, userIdentity } = event;
    this.kinds.set(id, kind);
    memoize(this.partsOf, id, () => new Set<Part>()).add(part);
    this.uses.add(
      id,
      {
        ...originOf(event),
        mfa: hasMfa(event),
        caller: (userIdentity?.arn ?? id).slice(0, LONGEST),
        ...sourceOf(event),
        call: `${serviceOf(event)}:${eventName}`.slice(0, LONGEST),
        ...(part.on.kind === "role" ? { role: part.on.id } : {}),
        outcome: outcome === "stopped" ? "stopped" : "may be stopped",
      },
      eventTime,
    );
  }

  /** Whether an event is the last use of a role that AWS recorded, or was at most `lasting` ms before it. */
  private isLastUse(id: string, { eventTime }: TrailEvent, lasting: number): boolean {
    const use = this.subjects.get(id)?.lastUse;
    if (use?.kind !== "used") return true;
    const before = Date.parse(use.at) - Date.parse(eventTime);
    return before >= -LAST_USE_MS && before <= lasting + LAST_USE_MS;
  }

  private unseenUsesOf(id: string, trail: Trail): Affected["unseenUses"] {
    const parts = this.parts.ofUser(id);
    return this.lastUses.of(id).flatMap(({ of, at }) => {
      const mfa = of === "password" ? "false" : "absent";
      const isStopped = parts.some((part) => this.parts.mayStop(part, { kind: "user", arn: id }, mfa));
      return at >= this.start(id, trail) && isStopped ? [{ of, at }] : [];
    });
  }

  private start(id: string, trail: Trail): string {
    const { since, isLookedUp = false } = this.period;
    const first = trail.coverageOf(accountOf(id))?.first;
    const long = new Date(this.now.getTime() - PERIOD_DAYS * DAY_MS).toISOString();
    const isEarlier = first !== undefined && (first < long || !isLookedUp);
    return since ?? (isEarlier ? first : long);
  }
}

export function hasCredentials(setup: Setup): boolean {
  return setup.password !== null || setup.accessKeys.some(({ active }) => active) || hasServiceAccess(setup);
}

function byOf(calls: readonly Pick<SeenUse, "by">[]): Affected["by"] {
  const [people, machines] = (["people", "machines"] as const).map((of) => calls.some(({ by }) => by === of));
  if (people && machines) return "people and machines";
  return people ? "people" : machines ? "machines" : "unclear";
}

/** Sorts those who would be stopped before those who may be. */
export function stoppedFirst(a: Affected["outcome"], b: Affected["outcome"]): number {
  return Number(a !== "stopped") - Number(b !== "stopped");
}
