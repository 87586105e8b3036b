import * as fc from "fast-check";
import type {
  AssumableBy,
  Danger,
  Finding,
  LastUse,
  NotLookedAt,
  Place,
  Report,
  ReportedWitness,
  Seen,
  Setup,
  Subject,
  Trouble,
} from "../report";

/** Names as nobody would give them, but as an account, a state or a file may hold them. */
const anyName = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12, unit: "binary" }),
  fc.constantFrom(
    "release",
    "</script><img src=x onerror=alert(1)>",
    "a|b\n| c |",
    "``` \n</details>",
    "[text](https://example.com) @team #1",
    "]]> <!-- & -->",
    "\u0000\uD800\u202E",
    "../../etc/x y#z?q",
    "C:\\policies\\role.json",
    "{0} %s",
    "https://example.com www.example.com",
    "- x\n1. y\n# z",
  ),
);

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Without the keys whose value is `undefined`, as a report has none. */
function whole<T extends object>(made: fc.Arbitrary<{ [K in keyof T]: T[K] | undefined }>): fc.Arbitrary<T> {
  return made.map(
    (value) => Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T,
  );
}

const anyWitness = whole<ReportedWitness>(
  fc.record({
    statement: optional(fc.nat(9)),
    sid: optional(anyName),
    principal: optional(anyName),
    action: anyName,
    resource: optional(anyName),
    world: anyName,
    request: fc.dictionary(anyName, fc.option(fc.array(anyName, { maxLength: 2 })), { maxKeys: 2 }),
    exact: fc.boolean(),
  }),
);

const anyFinding: fc.Arbitrary<Finding> = fc.record({
  policy: fc.oneof(fc.constantFrom("iam-role-requires-mfa", "iam-group-requires-mfa"), anyName),
  severity: fc.constantFrom("low", "medium", "high", "critical"),
  level: fc.constantFrom("advisory", "mandatory"),
  message: fc.array(anyName, { minLength: 1, maxLength: 3 }).map((lines) => lines.join("\n")),
  witnesses: fc.array(anyWitness, { maxLength: 2 }),
  fingerprint: fc.stringMatching(/^[0-9a-f]{16}$/),
  state: fc.constantFrom("new", "known", "exempt"),
});

const anyReach: fc.Arbitrary<AssumableBy> = fc.record({
  principal: anyName,
  class: fc.constantFrom("anyone", "account", "user", "role", "service", "federated", "unknown"),
  mfa: fc.constantFrom("required", "not required"),
});

const moment = fc
  .date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());

const anySetup = whole<Setup>(
  fc.record({
    mfaDevice: fc.boolean(),
    deviceKinds: optional(fc.subarray(["virtual", "hardware", "passkey"] as const)),
    serviceCredentials: optional(
      fc.array(
        whole<{ service: string; expiresAt?: string }>(
          fc.record({ service: anyName, expiresAt: optional(moment) }),
        ),
        { maxLength: 2 },
      ),
    ),
    sshPublicKeys: optional(fc.nat(2)),
    password: fc.option(fc.record({ lastUsed: fc.option(moment) })),
    accessKeys: fc.array(
      fc.record({ active: fc.boolean(), createdAt: fc.option(moment), lastUsed: fc.option(moment) }),
      { maxLength: 2 },
    ),
    guardedBy: fc.array(anyName, { maxLength: 2 }),
  }),
);

const anyLastUse: fc.Arbitrary<LastUse> = fc.oneof(
  whole<Extract<LastUse, { kind: "used" }>>(
    fc.record({
      kind: fc.constant("used"),
      of: fc.constantFrom("role", "password", "access key"),
      at: moment,
      region: optional(anyName),
      user: optional(anyName),
    }),
  ),
  whole<Extract<LastUse, { kind: "not recorded" }>>(
    fc.record({
      kind: fc.constant("not recorded"),
      of: fc.constantFrom("role", "credentials", "members"),
      createdAt: optional(moment),
    }),
  ),
  fc.record({ kind: fc.constant("nobody"), members: fc.nat(3) }),
);

const anySeen: fc.Arbitrary<Seen> = fc.record({
  since: moment,
  uses: fc.array(
    fc.record({
      by: fc.constantFrom("people", "machines", "unclear"),
      sure: fc.constantFrom("certain", "likely", "unclear"),
      because: anyName,
      caller: anyName,
      mfa: fc.boolean(),
      agent: anyName,
      source: anyName,
      first: moment,
      last: moment,
      events: fc.nat(9),
    }),
    { maxLength: 5 },
  ),
});

const anyDanger: fc.Arbitrary<Danger> = fc.record({
  who: fc.constantFrom("anyone", "another account", "this account", "members", "named principals", "unknown"),
  can: fc.constantFrom("administrator", "escalation", "unknown", "data", "read", "nothing"),
  because: fc.array(anyName, { maxLength: 2 }),
  rank: fc.nat(100),
});

const anySubject = whole<Subject>(
  fc.record({
    kind: fc.constantFrom("role", "group", "user", "policy", "device", "template"),
    name: anyName,
    id: fc.oneof(fc.uuid(), anyName),
    standing: fc.constantFrom("open", "anyone-with-mfa", "unknown", "exempt", "protected"),
    reason: anyName,
    findings: fc.array(anyFinding, { maxLength: 3 }),
    notes: fc.array(anyName, { maxLength: 2 }),
    danger: optional(anyDanger),
    assumableBy: optional(fc.array(anyReach, { maxLength: 3 })),
    setup: optional(anySetup),
    lastUse: optional(anyLastUse),
    seen: optional(anySeen),
  }),
);

const anyNotLookedAt = whole<NotLookedAt>(
  fc.record({ files: optional(fc.nat(3)), resources: optional(fc.nat(3)), lists: optional(fc.nat(2)) }),
);

const anyPlace = whole<Place>(
  fc.record({
    kind: fc.constantFrom("account", "state", "file"),
    name: anyName,
    alias: optional(anyName),
    file: optional(anyName),
    notes: optional(fc.array(anyName, { maxLength: 2 })),
    trouble: optional(
      whole<Trouble>(fc.record({ problem: anyName, remedy: anyName, notLookedAt: optional(anyNotLookedAt) })),
    ),
    notLookedAt: optional(anyNotLookedAt),
    subjects: fc.array(anySubject, { maxLength: 4 }),
    passed: optional(
      fc.oneof(
        fc.constant("unnamed" as const),
        fc.array(
          fc.record({ kind: fc.constantFrom("role", "group", "user"), name: anyName, id: fc.uuid() }),
          { maxLength: 3 },
        ),
      ),
    ),
  }),
);

/** Reports of the right form with any contents at all, consistent or not. */
export const anyReport: fc.Arbitrary<Report> = whole(
  fc.record({
    version: fc.constant(1),
    madeAt: moment,
    baseline: optional(whole<{ madeAt?: string }>(fc.record({ madeAt: optional(moment) }))),
    places: fc.array(anyPlace, { maxLength: 3 }),
    unusedExemptions: optional(
      fc.array(fc.record({ policy: anyName, name: anyName, reason: anyName }), { maxLength: 2 }),
    ),
  }),
);
