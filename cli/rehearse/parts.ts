import { decideRecorded, memoize, type RecordedOutcome, type RecordedRequest } from "aws-mfa-policy-pack/iam";
import type { TrailEvent } from "../audit/usage/trail/event";
import { accountOf, isServiceLinked } from "./arn";
import { assumedIn, type Caller } from "./caller";
import type { Part } from "./change";
import { serviceOf } from "./request";

/** The size of the cache, so that memory does not grow with the events. */
const MOST_ANSWERS = 10_000;

const STS = "sts";

/** The parts of a change: which of them apply to whom, and how they decide recorded requests. */
export class Parts {
  private readonly mentioned = new Map<Part, readonly string[]>();
  private readonly answers = new Map<string, RecordedOutcome>();
  private readonly roles = new Map<string, Part>();
  private readonly others: readonly Part[];

  constructor(private readonly all: readonly Part[]) {
    for (const part of all) if (part.on.kind === "role") this.roles.set(part.on.id, part);
    this.others = all.filter(({ on }) => on.kind !== "role");
  }

  /** The parts that apply to a role: to the calls of its sessions, and to who assumes it. */
  ofRole(id: string): readonly Part[] {
    const trust = this.roles.get(id);
    const scps = this.scpsOn(id).filter((part) => this.mayStop(part, { kind: "role", arn: id }, "none"));
    const limits = isServiceLinked(id)
      ? []
      : [...scps, ...this.rcpsOn(accountOf(id), (each) => each === STS)];
    return trust === undefined ? limits : [...limits, trust];
  }

  /** SCPs do not apply to service-linked roles. */
  private scpsOn(id: string): readonly Part[] {
    if (isServiceLinked(id)) return [];
    return this.others.filter(({ on }) => on.kind === "accounts" && on.ids.has(accountOf(id)));
  }

  /** The RCPs on an account's resources of these services. AWS requires an RCP to name its services. */
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
  mayStop(part: Part, caller: RecordedRequest["caller"], mfa: "absent" | "false" | "none"): boolean {
    return this.answer(part, { actions: ["*"], caller, mfa: { kind: mfa }, keys: new Map() }) !== "passes";
  }

  /** Whether an SCP or RCP may stop the calls of a role, and not only who assumes it. */
  mayStopCallsOf(role: string): boolean {
    return (
      this.ofRole(role).some(({ on }) => on.kind === "accounts") ||
      (!isServiceLinked(role) && this.rcpsOn(accountOf(role), (each) => each !== STS).length > 0)
    );
  }

  /** The parts that apply to a user. */
  ofUser(id: string): readonly Part[] {
    // Every log has the calls to STS.
    const rcps = this.rcpsOn(accountOf(id), (each) => each !== STS);
    return [...this.guardsOf(id), ...this.scpsOn(id), ...rcps];
  }

  private guardsOf(user: string): readonly Part[] {
    return this.others.filter(({ on }) => on.kind === "users" && on.ids.has(user));
  }

  /** The parts that apply to a call. */
  ofCall(event: TrailEvent, { id, kind, user }: Caller): readonly Part[] {
    const assumed = assumedIn(event);
    const owner = assumed === undefined ? event.recipientAccountId : accountOf(assumed);
    const service = serviceOf(event);
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

  /** How a part decides a call; `undecided` if the requests that it may have been differ. */
  outcome(part: Part, requests: readonly RecordedRequest[]): RecordedOutcome {
    const outcomes = new Set(requests.map((request) => this.answer(part, request)));
    const [first = "passes", another] = outcomes;
    return another === undefined ? first : "undecided";
  }

  /** Cached, because most calls differ only in keys that no policy of the change mentions. */
  private answer(part: Part, request: RecordedRequest): RecordedOutcome {
    const asked = memoize(this.mentioned, part, () => keysIn(part));
    const { actions, caller, mfa, keys } = request;
    const age = mfa.kind === "true" && asked.includes("aws:multifactorauthage") ? mfa.ageSeconds : undefined;
    const index = this.all.indexOf(part);
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
}

function keysIn({ policies }: Part): readonly string[] {
  const statements = policies.flatMap((policy) => policy.statements);
  return [...new Set(statements.flatMap(({ conditions }) => conditions.map(({ key }) => key)))];
}
