import { describe, expect, test } from "vitest";
import type { Member } from "./member";
import { tasksOf } from "./tasks";

const NOW = new Date("2030-06-01T00:00:00Z");
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 24 * 60 * 60 * 1000);
const serial = "arn:aws:iam::111122223333:mfa/alice";
const phone = { name: "phone", serial, replacing: false };
const backup = { name: "backup", serial: `${serial}/backup`, replacing: false };
const on = { state: "enabled", since: daysAgo(10) } as const;
const other = (otherSerial: string) => ({ serial: otherSerial, user: "alice", enabledAt: undefined });
const securityKey = other("arn:aws:iam::111122223333:u2f/user/alice/key-1");
const key = (made: number, used?: number, active = true) => ({
  id: "AKIAIOSFODNN7EXAMPLE",
  active,
  madeAt: daysAgo(made),
  lastUse: used === undefined ? undefined : { at: daysAgo(used), service: "sts" },
});
const well: Member = {
  user: "alice",
  inGroup: true,
  devices: [{ ...phone, state: "enabled", since: daysAgo(10) }],
  locked: false,
  groupsOfLocked: [],
  otherDevices: [],
  accessKeys: [key(10, 1)],
  hasPassword: false,
  lastSession: undefined,
};
const out: Partial<Member> = {
  locked: true,
  inGroup: false,
  accessKeys: [],
  devices: [{ ...phone, state: "waiting" }],
};
const needs = (change: Partial<Member>) =>
  tasksOf(
    { ...well, ...change },
    { stack: "dev", usersKey: "aws-mfa-stack:users", maxKeyDays: 90, now: NOW },
  );
const kinds = (change: Partial<Member>) => needs(change).map(({ kind }) => kind);

describe("the tasks for a user", () => {
  test("are none if the user is in the group, with an enabled device and a key in use", () => {
    expect(needs({})).toEqual([]);
  });

  test.each<[string, Partial<Member>, string[]]>([
    ["outside the group, with a key that works", { inGroup: false }, ["unguarded"]],
    [
      "outside the group, with a password",
      { inGroup: false, accessKeys: [], hasPassword: true },
      ["unguarded"],
    ],
    ["outside the group, with no way in", { inGroup: false, accessKeys: [key(9, 1, false)] }, ["offboarded"]],
    ["who was offboarded and is back in the group", { locked: true, accessKeys: [] }, ["leaving"]],
    ["whose offboarding was interrupted", { locked: true, inGroup: false }, ["leaving"]],
    ["whose device could not be deactivated", { locked: true, inGroup: false, accessKeys: [] }, ["leaving"]],
    ["who could not be taken out of another group", { ...out, groupsOfLocked: ["auditors"] }, ["leaving"]],
    ["who was offboarded", out, ["offboarded"]],
    ["whose device is gone", { devices: [{ ...phone, state: "missing" }] }, ["missing"]],
    ["whose device is not enabled yet", { devices: [{ ...phone, state: "waiting" }] }, ["waiting"]],
    [
      "whose device is being replaced and is not enabled yet",
      { devices: [{ ...phone, replacing: true, state: "waiting" }] },
      ["replacing"],
    ],
    [
      "whose old device is still enabled, since a step of its replacement failed",
      { devices: [{ ...phone, replacing: true, state: "enabled", since: daysAgo(10) }] },
      ["replacing"],
    ],
    ["whose device another user has", { devices: [{ ...phone, state: "taken", by: "bob" }] }, ["taken"]],
    ["without a key", { accessKeys: [] }, ["no-key"]],
    ["whose only key is inactive", { accessKeys: [key(10, 1, false)] }, ["no-key"]],
    ["who has a password and no key", { accessKeys: [], hasPassword: true }, []],
    ["whose key is 90 days old", { accessKeys: [key(90, 1)] }, []],
    ["whose key is 91 days old", { accessKeys: [key(91, 1)] }, ["old-key"]],
    ["whose key was not used for 91 days", { accessKeys: [key(200, 91)] }, ["idle-key"]],
    ["whose key was made 91 days ago and never used", { accessKeys: [key(91)] }, ["idle-key"]],
    ["whose old key is inactive", { accessKeys: [key(400, 300, false), key(1, 0)] }, []],
    [
      "with several, in the order of urgency,",
      { devices: [{ ...phone, state: "waiting" }], accessKeys: [key(200, 1), key(200, 100)] },
      ["waiting", "old-key", "idle-key"],
    ],
  ])("%s are $2", (_, change, expected) => {
    expect(kinds(change)).toEqual(expected);
  });

  test("contain the command to run", () => {
    expect(needs({ devices: [{ ...phone, state: "waiting" }] })[0]?.text).toContain(
      "aws-mfa enroll alice --stack dev",
    );
    expect(needs({ accessKeys: [key(200, 100)] })[0]?.text).toContain(
      "aws iam update-access-key --user-name alice --access-key-id AKIAIOSFODNN7EXAMPLE --status Inactive",
    );
  });

  test.each<[string, Partial<Member>, string[]]>([
    [
      "the phone is not enabled and the backup is",
      {
        devices: [
          { ...phone, state: "waiting" },
          { ...backup, ...on },
        ],
      },
      [
        "enable the device phone: aws-mfa enroll alice --stack dev --device phone (another device is enabled)",
      ],
    ],
    [
      "only a security key is enabled",
      { devices: [{ ...phone, state: "waiting" }], otherDevices: [securityKey] },
      [
        "enable the device: aws-mfa enroll alice --stack dev (a security key is enabled, for the console only)",
      ],
    ],
    [
      "the phone is being replaced and the backup is gone",
      {
        devices: [
          { ...phone, ...on, replacing: true },
          { ...backup, state: "missing" },
        ],
        accessKeys: [],
      },
      [
        "the replacement of phone is not finished: aws-mfa replace alice --stack dev --device phone",
        "the device backup is gone: aws-mfa replace alice --stack dev --device backup",
      ],
    ],
    [
      "both are enabled",
      {
        devices: [
          { ...phone, ...on },
          { ...backup, ...on },
        ],
      },
      [],
    ],
  ])("are for the devices that need them if %s", (_, change, expected) => {
    expect(needs(change).map(({ text }) => text)).toEqual(expected);
  });

  test("are to finish the offboarding while any device is enabled", () => {
    const devices: Member["devices"] = [
      { ...phone, state: "waiting" },
      { ...backup, ...on },
    ];
    expect(kinds({ ...out, devices })).toEqual(["leaving"]);
    expect(kinds({ ...out, otherDevices: [securityKey] })).toEqual(["leaving"]);
  });
});
