import { decideRecorded, memoize, type RecordedOutcome, type RecordedRequest } from "aws-mfa-policy-pack/iam";
import { placed } from "../audit/render/order";
import type { Report, SeenUse, Setup, Subject } from "../audit/report";
import { hasServiceAccess } from "../audit/usage/last-use";
import { hasMfa, type TrailEvent } from "../audit/usage/trail/event";
import { originOf } from "../audit/usage/trail/origin";
import { LONGEST, sourceOf, type Trail } from "../audit/usage/trail/trail";
import { type Counted, Uses } from "../audit/usage/trail/uses";
import type { Change, Part } from "./change";
import type { Affected, AffectedCall, Unseen, Unused } from "./plan";
import { iamServiceOf, requestsOf, serviceOf } from "./request";

const DAY_MS = 24 * 60 * 60 * 1000;
/** What is looked at where no logs say since when, and what has not been used for so long is not used. */
const PERIOD_DAYS = 90;
/** AWS records the first use of a key within so long. Source: IAM user guide, "Generate credential reports". */
const LAST_USE_MS = 15 * 60 * 1000;
/** A role's session lasts no longer. */
const SESSION_MS = 12 * 60 * 60 * 1000;
/** Answers that are remembered, so that memory does not grow with the events. */
const MOST_ANSWERS = 10_000;

/** Somebody who called. */
interface Who {
  readonly id: string;
  readonly kind: Affected["kind"];
  /** The user whose policies count. */
  readonly user?: string;
}

type Call = Omit<AffectedCall, keyof Counted>;

/** A user's credential and its last use that AWS recorded. */
type Figure = Affected["unseenUses"][number] & { readonly service?: string; readonly region?: string };

/** From when uses count; without either, from the first event of the logs. */
export interface Period {
  /** ISO 8601: what was before does not count. */
  readonly since?: string;
  /** Whether CloudTrail's event history was looked up, which goes back as far as it does also where it has no event. */
  readonly isLookedUp?: boolean;
  /** Whether there are no other logs than that: it has no way to find what a role called. */
  readonly lacksRoleCalls?: boolean;
}

/** Somebody who is affected, without the ways out. */
export type Stopped = Omit<Affected, "waysOut"> & { readonly parts: readonly Part[] };

/** Asks of recorded calls whether a change would have stopped them. */
export class Rehearsal {
  private readonly uses = new Uses<Call>();
  private readonly kinds = new Map<string, Affected["kind"]>();
  private readonly partsOf = new Map<string, Set<Part>>();
  private readonly mentioned = new Map<Part, readonly string[]>();
  private readonly answers = new Map<string, RecordedOutcome>();
  private readonly roles = new Map<string, Part>();
  private readonly others: readonly Part[];
  private readonly subjects: ReadonlyMap<string, Subject>;
  /** Last uses of users' credentials that AWS recorded, and no event has shown yet. */
  private readonly figures = new Map<string, Figure[]>();
  /** Roles whose sessions called when AWS last recorded a use, and roles that were assumed for it. */
  private readonly seenRoles = { calling: new Set<string>(), assumed: new Set<string>() };

  constructor(
    private readonly change: Change,
    report: Report,
    private readonly period: Period,
    private readonly now: Date,
  ) {
    for (const part of change.parts) if (part.on.kind === "role") this.roles.set(part.on.id, part);
    this.others = change.parts.filter(({ on }) => on.kind !== "role");
    this.subjects = new Map(placed(report).map(({ subject }) => [subject.id, subject]));
    for (const { kind, id, setup } of this.subjects.values())
      if (kind === "user" && setup !== undefined) this.figures.set(id, figuresOf(setup));
  }

  /** Counts an event where the change would have stopped it, or may have. */
  readonly add = (event: TrailEvent): void => {
    const { since } = this.period;
    if (since !== undefined && event.eventTime < since) return;
    const who = whoIn(event);
    this.explain(event, who);
    if (who.kind === "role" && this.isLastUse(who.id, event, 0)) this.seenRoles.calling.add(who.id);
    const assumed = assumedIn(event);
    if (assumed !== undefined && !event.errorCode && this.isLastUse(assumed, event, SESSION_MS))
      this.seenRoles.assumed.add(assumed);
    const parts = this.partsFor(event, who);
    if (parts.length === 0) return;
    const requests = requestsOf(event);
    const byRoot = event.userIdentity?.type === "Root";
    for (const part of parts) {
      const outcome = byRoot && requests.length > 0 ? "undecided" : this.outcome(part, requests);
      if (outcome === "passes") continue;
      this.count(event, who, part, outcome);
    }
  };

  /** Who would be stopped, and who may be. `trail`: what the same logs show. */
  affected(trail: Trail): readonly Stopped[] {
    const ids = new Set([...this.uses.subjects(), ...this.figures.keys()]);
    return [...ids].flatMap((id): Stopped[] => {
      const calls = this.uses.of(id).toSorted((a, b) => order(a.outcome, b.outcome) || b.events - a.events);
      const unseenUses = this.unseenUsesOf(id, trail);
      if (calls.length + unseenUses.length === 0) return [];
      // An SCP does not limit the root user of the management account.
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
          parts: [...(this.partsOf.get(id) ?? this.partsOfUser(id))],
        },
      ];
    });
  }

  /** The roles that AWS recorded a use of which the logs do not show: who assumed it, or, under an SCP, what it called. */
  unseen(trail: Trail): readonly Unseen[] {
    const { calling, assumed } = this.seenRoles;
    return this.touched("role").flatMap(({ id, name, lastUse }): Unseen[] => {
      if (lastUse?.kind !== "used" || lastUse.at < this.start(id, trail)) return [];
      if (this.partsOfRole(id).every(({ on }) => (on.kind === "accounts" ? calling : assumed).has(id)))
        return [];
      const { at, region } = lastUse;
      return [{ id, name, at, ...(region === undefined ? {} : { region }) }];
    });
  }

  /** What the change touches and nobody has used for long, by AWS's own figures and by the logs. */
  unused(trail: Trail): readonly Unused[] {
    const long = new Date(this.now.getTime() - PERIOD_DAYS * DAY_MS).toISOString();
    const all = [...this.touched("role"), ...this.touched("user")].filter(({ id }) => !isRoot(id));
    return all.flatMap(({ kind, id, name, lastUse, setup }): Unused[] => {
      if (lastUse === undefined || lastUse.kind === "nobody" || (kind !== "role" && kind !== "user"))
        return [];
      // AWS does not record when these were used.
      if (setup !== undefined && hasServiceAccess(setup)) return [];
      const at = lastUse.kind === "used" ? lastUse.at : lastUse.createdAt;
      const isSeen = trail.seenOf(accountOf(id), [id])?.uses.some(({ last }) => last >= long) === true;
      return isSeen || at === undefined || at >= long ? [] : [{ kind, id, name, lastUse }];
    });
  }

  /** The roles whose calls an SCP or RCP may stop, where no logs have them. */
  rolesWithoutCalls(): readonly Subject[] {
    if (this.period.lacksRoleCalls !== true) return [];
    return [...this.subjects.values()].filter(
      ({ kind, id }) =>
        kind === "role" &&
        (this.partsOfRole(id).some(({ on }) => on.kind === "accounts") ||
          (!isServiceLinked(id) && this.rcpsOn(accountOf(id), (each) => each !== STS).length > 0)),
    );
  }

  /** The subjects of a kind that the change touches. */
  touched(kind: "user" | "role"): readonly Subject[] {
    return [...this.subjects.values()].filter(
      (each) =>
        each.kind === kind &&
        (kind === "role" ? this.partsOfRole(each.id) : this.partsOfUser(each.id)).length > 0,
    );
  }

  private partsOfRole(id: string): readonly Part[] {
    const trust = this.roles.get(id);
    const scps = this.scpsOn(id).filter((part) => this.mayStop(part, { kind: "role", arn: id }, "none"));
    const limits = isServiceLinked(id)
      ? []
      : [...scps, ...this.rcpsOn(accountOf(id), (each) => each === STS)];
    return trust === undefined ? limits : [...limits, trust];
  }

  /** An SCP limits neither services nor the roles that they are linked with. */
  private scpsOn(id: string): readonly Part[] {
    if (isServiceLinked(id)) return [];
    return this.others.filter(({ on }) => on.kind === "accounts" && on.ids.has(accountOf(id)));
  }

  /** The RCPs on what an account has of these services. AWS takes none that does not name its services. */
  private rcpsOn(account: string, isAbout: (service: string) => boolean): readonly Part[] {
    return this.others.filter(
      ({ on, policies }) =>
        on.kind === "resources" &&
        on.ids.has(account) &&
        policies.some(({ statements }) =>
          statements.some(
            ({ effect, actions: { negated, entries } }) =>
              effect === "Deny" &&
              (negated || entries.some((each) => isAbout(String(each).toLowerCase().split(":")[0] ?? ""))),
          ),
        ),
    );
  }

  /** Whether a part stops any call that the caller may make without MFA. */
  private mayStop(part: Part, caller: RecordedRequest["caller"], mfa: "absent" | "false" | "none"): boolean {
    return this.answer(part, { actions: ["*"], caller, mfa: { kind: mfa }, keys: new Map() }) !== "passes";
  }

  private partsOfUser(id: string): readonly Part[] {
    // Every log has the calls of STS.
    const rcps = this.rcpsOn(accountOf(id), (each) => each !== STS);
    return [...this.guardsOf(id), ...this.scpsOn(id), ...rcps];
  }

  private guardsOf(user: string): readonly Part[] {
    return this.others.filter(({ on }) => on.kind === "users" && on.ids.has(user));
  }

  private partsFor(event: TrailEvent, { id, kind, user }: Who): readonly Part[] {
    const { eventSource, recipientAccountId } = event;
    const assumed = assumedIn(event);
    const owner = assumed === undefined ? recipientAccountId : accountOf(assumed);
    const service = eventSource?.split(".")[0];
    const own = [
      ...(user === undefined ? [] : this.guardsOf(user)),
      ...(kind === "other" ? [] : this.scpsOn(id)),
      ...(owner === undefined || isServiceLinked(id)
        ? []
        : this.rcpsOn(owner, (each) => each === service || each === "*")),
    ];
    const trust = assumed === undefined ? undefined : this.roles.get(assumed);
    return trust === undefined ? own : [...own, trust];
  }

  private outcome(part: Part, requests: readonly RecordedRequest[]): RecordedOutcome {
    const outcomes = new Set(requests.map((request) => this.answer(part, request)));
    const [first = "passes", another] = outcomes;
    return another === undefined ? first : "undecided";
  }

  /** The same question is answered once: calls differ mostly in what no policy of the change asks for. */
  private answer(part: Part, request: RecordedRequest): RecordedOutcome {
    const asked = memoize(this.mentioned, part, () => keysIn(part));
    const { actions, caller, mfa, keys } = request;
    const age = mfa.kind === "true" && asked.includes("aws:multifactorauthage") ? mfa.ageSeconds : undefined;
    const index = this.change.parts.indexOf(part);
    const key = JSON.stringify([
      index,
      actions,
      caller,
      mfa.kind,
      age,
      asked.map((each) => [keys.has(each), keys.get(each)]),
    ]);
    const known = this.answers.get(key);
    if (known !== undefined) return known;
    if (this.answers.size >= MOST_ANSWERS) this.answers.clear();
    const outcome = decideRecorded(request, part.policies, part);
    this.answers.set(key, outcome);
    return outcome;
  }

  private count(event: TrailEvent, who: Who, part: Part, outcome: RecordedOutcome): void {
    const { eventName, eventTime, userIdentity } = event;
    this.kinds.set(who.id, who.kind);
    memoize(this.partsOf, who.id, () => new Set<Part>()).add(part);
    this.uses.add(
      who.id,
      {
        ...originOf(event),
        mfa: hasMfa(event),
        caller: (userIdentity?.arn ?? who.id).slice(0, LONGEST),
        ...sourceOf(event),
        call: `${serviceOf(event)}:${eventName}`.slice(0, LONGEST),
        ...(part.on.kind === "role" ? { role: part.on.id } : {}),
        outcome: outcome === "stopped" ? "stopped" : "may be stopped",
      },
      eventTime,
    );
  }

  /** Whether an event is the last use of a role that AWS recorded, or began `lasting` ms or less before it. */
  private isLastUse(id: string, { eventTime }: TrailEvent, lasting: number): boolean {
    const use = this.subjects.get(id)?.lastUse;
    if (use?.kind !== "used") return true;
    const before = Date.parse(use.at) - Date.parse(eventTime);
    return before >= -LAST_USE_MS && before <= lasting + LAST_USE_MS;
  }

  /** An event around the time of a last use that AWS recorded is that use, and is judged by itself. */
  private explain(event: TrailEvent, { user }: Who): void {
    const figures = user === undefined ? undefined : this.figures.get(user);
    if (user === undefined || figures === undefined || figures.length === 0) return;
    const use = useIn(event);
    const left = figures.filter(
      ({ of, at, service, region }) =>
        !use.of.includes(of) ||
        differ(service, use.service) ||
        differ(region, use.region) ||
        !(Math.abs(Date.parse(at) - Date.parse(use.at)) <= LAST_USE_MS),
    );
    if (left.length < figures.length) this.figures.set(user, left);
  }

  private unseenUsesOf(id: string, trail: Trail): readonly Figure[] {
    const parts = this.partsOfUser(id);
    return (this.figures.get(id) ?? []).flatMap(({ of, at }) => {
      const mfa = of === "password" ? "false" : "absent";
      const isStopped = parts.some((part) => this.mayStop(part, { kind: "user", arn: id }, mfa));
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

/**
 * The use of a user's credentials that an event shows. Of a session, it is the one that began it: what begins one without a code
 * grants nothing yet, and is no answer to what it was for.
 */
function useIn(event: TrailEvent): {
  of: readonly Figure["of"][];
  at: string;
  service?: string;
  region?: string;
} {
  const { eventName, eventTime, userIdentity, sessionCredentialFromConsole, awsRegion } = event;
  const { accessKeyId, sessionContext } = userIdentity ?? {};
  const begins = eventName === "ConsoleLogin" || eventName === "GetSessionToken";
  if (begins && !hasMfa(event)) return { of: [], at: eventTime };
  if (eventName === "ConsoleLogin") return { of: ["password"], at: eventTime };
  const session = sessionContext?.attributes;
  if (accessKeyId?.startsWith("ASIA") || session !== undefined) {
    const isConsole = String(sessionCredentialFromConsole) === "true";
    return {
      of: isConsole ? ["password"] : ["password", "access key"],
      at: session?.creationDate ?? "",
      service: "sts",
    };
  }
  const service = iamServiceOf(event);
  return {
    of: ["access key"],
    at: eventTime,
    ...(service && { service }),
    ...(awsRegion && { region: awsRegion }),
  };
}

function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

function whoIn({ userIdentity }: TrailEvent): Who {
  const { type, arn, invokedBy, identityProvider, principalId, accountId, sessionContext } =
    userIdentity ?? {};
  const issuer = sessionContext?.sessionIssuer?.arn;
  switch (type) {
    case "IAMUser":
      if (arn !== undefined) return { id: arn, kind: "user", user: arn };
      break;
    case "FederatedUser":
      // It can do no more than the user who asked for it.
      if (issuer !== undefined) return { id: issuer, kind: "user", user: issuer };
      break;
    case "AssumedRole":
      if (issuer !== undefined || arn !== undefined) return { id: issuer ?? arn ?? "", kind: "role" };
      break;
    case "Root":
      if (arn !== undefined) return { id: arn, kind: "user" };
      break;
  }
  const id = invokedBy ?? identityProvider ?? arn ?? principalId ?? accountId ?? "an unknown caller";
  return { id, kind: "other" };
}

/** The role that the call was to assume. */
function assumedIn({ eventName, requestParameters }: TrailEvent): string | undefined {
  const role = /^AssumeRole/.test(eventName) ? requestParameters?.roleArn : undefined;
  return typeof role === "string" ? role : undefined;
}

/** Neither an SCP nor an RCP limits one. */
function isServiceLinked(arn: string): boolean {
  return /:role\/aws-service-role\//.test(arn);
}

const STS = "sts";

/** Whether a user has anything to come in with. */
export function canComeIn(setup: Setup): boolean {
  return setup.password !== null || setup.accessKeys.some(({ active }) => active) || hasServiceAccess(setup);
}

/** What can be used without MFA: with a device, AWS asks for its code at every sign-in with the password. */
function figuresOf({ mfaDevice, password, accessKeys }: Setup): Figure[] {
  return [
    ...(password === null || mfaDevice || password.lastUsed === null
      ? []
      : [{ of: "password" as const, at: password.lastUsed }]),
    ...accessKeys.flatMap(({ active, lastUsed, lastUsedService, lastUsedRegion }) =>
      active && lastUsed !== null
        ? [
            {
              of: "access key" as const,
              at: lastUsed,
              ...(lastUsedService && { service: lastUsedService }),
              ...(lastUsedRegion && { region: lastUsedRegion }),
            },
          ]
        : [],
    ),
  ];
}

function keysIn({ policies }: Part): readonly string[] {
  const statements = policies.flatMap((policy) => policy.statements);
  return [...new Set(statements.flatMap(({ conditions }) => conditions.map(({ key }) => key)))];
}

function byOf(calls: readonly Pick<SeenUse, "by">[]): Affected["by"] {
  const [people, machines] = (["people", "machines"] as const).map((of) => calls.some(({ by }) => by === of));
  if (people && machines) return "people and machines";
  return people ? "people" : machines ? "machines" : "unclear";
}

function order(a: Affected["outcome"], b: Affected["outcome"]): number {
  return Number(a !== "stopped") - Number(b !== "stopped");
}

export function accountOf(arn: string): string {
  return arn.split(":")[4] ?? "";
}

function isRoot(id: string): boolean {
  return id.endsWith(":root");
}

function nameOf(id: string): string {
  return id.split("/").at(-1) ?? id;
}
