import { describe, expect, test } from "vitest";
import { accountInput } from "../account/account";
import { authorizationIn } from "../account/authorization";
import { readSavedAccount } from "../account/saved";
import type { Credentials } from "../input";
import { junit } from "../render/junit";
import { markdown } from "../render/markdown";
import { sarif } from "../render/sarif";
import { tableOf } from "../render/table";
import { usageCell, usageText } from "../render/usage";
import { sampleReport } from "../sample/report";

const ACCOUNT = "111122223333";
const arn = (kind: string, name: string) => `arn:aws:iam::${ACCOUNT}:${kind}/${name}`;
const CREATED = "2025-01-02T03:04:05.000Z";

/** What is said of a role with this use, read live. */
function ofRole(RoleLastUsed: { LastUsedDate?: Date; Region?: string } | undefined) {
  const role = { RoleName: "r", Arn: arn("role", "r"), CreateDate: new Date(CREATED) };
  const found = authorizationIn({ RoleDetailList: [{ ...role, ...(RoleLastUsed && { RoleLastUsed }) }] });
  return said(accountInput(ACCOUNT, found, undefined), arn("role", "r"));
}

function said({ facts }: ReturnType<typeof accountInput>, urn: string) {
  const lastUse = facts?.get(urn)?.lastUse;
  return lastUse && [usageCell({ lastUse }), ...usageText({ lastUse })];
}

describe("the last use of a role is what AWS recorded", () => {
  test("with its day and region", () => {
    expect(ofRole({ LastUsedDate: new Date("2026-02-27T23:59:59Z"), Region: "eu-west-1" })).toEqual([
      "2026-02-27",
      "Last used on 2026-02-27 in eu-west-1, by RoleLastUsed.",
    ]);
  });

  test("none within the days that AWS tracks, beside when the role was created", () => {
    expect(ofRole({})).toEqual([
      "not recorded",
      "AWS recorded no use in the 400 days that RoleLastUsed covers. It was created on 2025-01-02.",
    ]);
  });

  test("and nothing is said where AWS did not tell", () => {
    expect(ofRole(undefined)).toBeUndefined();
  });
});

describe("in saved output", () => {
  const saved = (RoleLastUsed: unknown) =>
    readSavedAccount({
      RoleDetailList: [
        {
          RoleName: "r",
          Arn: arn("role", "r"),
          AssumeRolePolicyDocument: {},
          CreateDate: "2025-01-02T03:04:05+00:00",
          RoleLastUsed,
        },
      ],
    })?.found?.roles[0];

  test("a role's use is the same", () => {
    expect(saved({ LastUsedDate: "2026-02-27T10:00:00+00:00", Region: "us-east-1" })).toMatchObject({
      lastUse: { kind: "used", of: "role", at: "2026-02-27T10:00:00.000Z", region: "us-east-1" },
    });
    expect(saved({})).toMatchObject({ lastUse: { kind: "not recorded", of: "role", createdAt: CREATED } });
    expect(saved(undefined)?.lastUse).toBeUndefined();
  });

  test.each([null, "yesterday", 1_700_000_000])(
    "a time that is none, %j, is no sign of no use",
    (LastUsedDate) => {
      expect(() => saved({ LastUsedDate })).toThrow("RoleDetailList.0.RoleLastUsed.LastUsedDate");
    },
  );
});

describe("the last use of a user and a group", () => {
  const key = (lastUsed: string | null, active = true) => ({ active, createdAt: CREATED, lastUsed });
  const record = (more: Partial<Credentials>): Credentials => ({
    mfaDevice: false,
    password: null,
    accessKeys: [],
    serviceCredentials: [],
    sshPublicKeys: 0,
    ...more,
  });
  const USED = "2026-02-27T10:00:00.000Z";
  const OLDER = "2026-01-01T10:00:00.000Z";

  /** What is said of the user `alice` and the group `g` that has all these users in it. */
  function of(records: Readonly<Record<string, Credentials | "unknown">>, isWhole = true) {
    const found = authorizationIn({
      UserDetailList: Object.keys(records).map((name) => ({
        UserName: name,
        Arn: arn("user", name),
        GroupList: ["g"],
      })),
      GroupDetailList: [{ GroupName: "g", Arn: arn("group", "g") }],
    });
    const known = Object.entries(records).flatMap(([name, each]) =>
      each === "unknown" ? [] : [[arn("user", name), { name, ...each }] as const],
    );
    const source = accountInput(ACCOUNT, found, { madeAt: undefined, users: new Map(known) }, isWhole);
    return { user: said(source, arn("user", "alice"))?.[1], group: said(source, arn("group", "g"))?.[1] };
  }

  test.each<
    [string, Readonly<Record<string, Credentials | "unknown">>, string | undefined, string | undefined]
  >([
    [
      "the latest of what they can come in with",
      { alice: record({ password: { lastUsed: OLDER }, accessKeys: [key(USED), key(OLDER)] }) },
      "Last used on 2026-02-27 with an access key, by the credential report.",
      "Last used on 2026-02-27 by alice with an access key, by the credential report.",
    ],
    [
      "not that of a key that is inactive",
      { alice: record({ password: { lastUsed: OLDER }, accessKeys: [key(USED, false)] }) },
      "Last used on 2026-01-01 with a password, by the credential report.",
      "Last used on 2026-01-01 by alice with a password, by the credential report.",
    ],
    [
      "none, beside when the newest key was created",
      { alice: record({ accessKeys: [key(null)] }), bob: record({}) },
      "The credential report has no use of its password or access keys. The newest access key was created on 2025-01-02.",
      "The credential report has no use of its members' passwords or access keys. The newest access key was created on 2025-01-02.",
    ],
    [
      "not known, and so not known of the group",
      { alice: "unknown", bob: record({ accessKeys: [key(null)] }) },
      undefined,
      undefined,
    ],
    [
      "that of a member whom the report has, also where it lacks another",
      { alice: "unknown", bob: record({ accessKeys: [key(USED)] }) },
      undefined,
      "Last used on 2026-02-27 by bob with an access key, by the credential report.",
    ],
    [
      "nobody's, where no member can come in",
      { alice: record({}), bob: record({ accessKeys: [key(USED, false)] }) },
      undefined,
      "None of its 2 members has a password or an active access key.",
    ],
    ["nobody's, where nobody is in it", {}, undefined, "It has no members."],
    [
      "not said to be nobody's, where a member's SSH public keys are not known",
      { alice: { mfaDevice: false, password: null, accessKeys: [], serviceCredentials: [] } },
      undefined,
      undefined,
    ],
  ])("is %s", (_, records, user, group) => {
    expect(of(records)).toEqual({ user, group });
  });

  test("is not said of a group where users may be missing", () => {
    expect(of({}, false).group).toBeUndefined();
    expect(of({ alice: record({ accessKeys: [key(USED)] }) }, false).user).toContain("2026-02-27");
  });
});

test.each<[string, () => string]>([
  ["the table", () => tableOf(sampleReport, { all: false, columns: undefined })],
  // Marks that may mean something are character references there.
  [
    "Markdown",
    () => markdown(sampleReport).replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))),
  ],
  ["SARIF", () => sarif(sampleReport)],
  ["JUnit", () => junit(sampleReport, "audit")],
])("%s says of each open role, group and user when it was last used", (_, printed) => {
  const text = printed();
  for (const name of ["Release", "OrganizationAudit", "Contractors", "bob", "erin"]) {
    const subject = sampleReport.places
      .flatMap(({ subjects }) => subjects)
      .find((each) => each.name === name);
    const [sentence] = usageText(subject ?? {});
    expect(sentence).toBeDefined();
    expect(text).toContain(sentence);
  }
});
