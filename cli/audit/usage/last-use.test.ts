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

/** The text for a role with this use, as an account reports it. */
function ofRole(RoleLastUsed: { LastUsedDate?: Date; Region?: string } | undefined) {
  const role = { RoleName: "r", Arn: arn("role", "r"), CreateDate: new Date(CREATED) };
  const found = authorizationIn({ RoleDetailList: [{ ...role, ...(RoleLastUsed && { RoleLastUsed }) }] });
  return said(accountInput(ACCOUNT, found, undefined), arn("role", "r"));
}

function said({ facts }: ReturnType<typeof accountInput>, urn: string) {
  const lastUse = facts?.get(urn)?.lastUse;
  return lastUse && [usageCell({ lastUse }), ...usageText({ lastUse })];
}

describe("the last use of a role", () => {
  test("is shown with its day and region", () => {
    expect(ofRole({ LastUsedDate: new Date("2026-02-27T23:59:59Z"), Region: "eu-west-1" })).toEqual([
      "2026-02-27",
      "Last used on 2026-02-27 in eu-west-1, by RoleLastUsed.",
    ]);
  });

  test("is shown as not recorded, with the creation date, if AWS recorded none in 400 days", () => {
    expect(ofRole({})).toEqual([
      "not recorded",
      "AWS recorded no use in the 400 days that RoleLastUsed covers. It was created on 2025-01-02.",
    ]);
  });

  test("is left out if AWS does not report it", () => {
    expect(ofRole(undefined)).toBeUndefined();
  });
});

describe("in saved AWS CLI output", () => {
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

  test("a role's last use is read as from the account", () => {
    expect(saved({ LastUsedDate: "2026-02-27T10:00:00+00:00", Region: "us-east-1" })).toMatchObject({
      lastUse: { kind: "used", of: "role", at: "2026-02-27T10:00:00.000Z", region: "us-east-1" },
    });
    expect(saved({})).toMatchObject({ lastUse: { kind: "not recorded", of: "role", createdAt: CREATED } });
    expect(saved(undefined)?.lastUse).toBeUndefined();
  });

  test.each([null, "yesterday", 1_700_000_000])(
    "an invalid time of the last use is an error, not a missing use: %j",
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

  /** The texts for the user `alice` and for the group `g` of all these users. */
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
      "the latest use of the password and the access keys",
      { alice: record({ password: { lastUsed: OLDER }, accessKeys: [key(USED), key(OLDER)] }) },
      "Last used on 2026-02-27 with an access key, by the credential report.",
      "Last used on 2026-02-27 by alice with an access key, by the credential report.",
    ],
    [
      "not that of an inactive access key",
      { alice: record({ password: { lastUsed: OLDER }, accessKeys: [key(USED, false)] }) },
      "Last used on 2026-01-01 with a password, by the credential report.",
      "Last used on 2026-01-01 by alice with a password, by the credential report.",
    ],
    [
      "not recorded if there is none, with the creation date of the newest access key",
      { alice: record({ accessKeys: [key(null)] }), bob: record({}) },
      "The credential report has no use of its password or access keys. The newest access key was created on 2025-01-02.",
      "The credential report has no use of its members' passwords or access keys. The newest access key was created on 2025-01-02.",
    ],
    [
      "unknown for a user that the report lacks, and so for the group",
      { alice: "unknown", bob: record({ accessKeys: [key(null)] }) },
      undefined,
      undefined,
    ],
    [
      "that of a member in the report, even if it lacks another member",
      { alice: "unknown", bob: record({ accessKeys: [key(USED)] }) },
      undefined,
      "Last used on 2026-02-27 by bob with an access key, by the credential report.",
    ],
    [
      "by nobody if no member has a password or an active access key",
      { alice: record({}), bob: record({ accessKeys: [key(USED, false)] }) },
      undefined,
      "None of its 2 members has a password or an active access key.",
    ],
    ["by nobody if the group has no members", {}, undefined, "It has no members."],
    [
      "unknown if a member's SSH public keys are unknown",
      { alice: { mfaDevice: false, password: null, accessKeys: [], serviceCredentials: [] } },
      undefined,
      undefined,
    ],
  ])("is %s", (_, records, user, group) => {
    expect(of(records)).toEqual({ user, group });
  });

  test("is unknown for a group, but not for a user, if users may be missing", () => {
    expect(of({}, false).group).toBeUndefined();
    expect(of({ alice: record({ accessKeys: [key(USED)] }) }, false).user).toContain("2026-02-27");
  });
});

test.each<[string, () => string]>([
  ["the table", () => tableOf(sampleReport, { all: false, columns: undefined })],
  // Markdown escapes its special characters as character references.
  [
    "Markdown",
    () => markdown(sampleReport).replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))),
  ],
  ["SARIF", () => sarif(sampleReport)],
  ["JUnit", () => junit(sampleReport, "audit")],
])("%s says when open roles, groups and users were last used", (_, printed) => {
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
