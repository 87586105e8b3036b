import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readConfiguration } from "./configuration";
import { record } from "./testing/recording";

/** The configuration as the engine passes it: strings, and JSON for other values. */
function read(config: Record<string, unknown>) {
  return readConfiguration(
    Object.fromEntries(
      Object.entries(config).map(([key, value]) => [
        `aws-mfa-stack:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
    "aws-mfa-stack",
  );
}

/** The lines of the error message, one for each error. */
function errors(config: Record<string, unknown>): string[] {
  try {
    read(config);
  } catch (error) {
    return String(error instanceof Error ? error.message : error)
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}

describe("a configuration key", () => {
  test("that is left out has a default", () => {
    expect(read({})).toMatchObject({
      groupName: "MFA",
      selfServiceDevices: "createAndEnable",
      selfServiceKeys: true,
      users: [],
      roles: [{ name: "MFABasedAccess", sessionSeconds: 3600, managedPolicyArns: [] }],
      profileName: "mfabasedaccess",
      sourceProfile: "default",
      tags: {},
    });
  });

  test.each([
    [true, "createAndEnable"],
    ["enable", "enable"],
    [false, "none"],
  ])("selfServiceDevices %s becomes the argument %s", (value, argument) => {
    expect(read({ selfServiceDevices: value }).selfServiceDevices).toBe(argument);
  });

  test("of another namespace is ignored", () => {
    expect(readConfiguration({ "aws:region": "eu-central-1" }, "aws-mfa-stack").groupName).toBe("MFA");
  });
});

describe("users", () => {
  const names = (users: unknown) => read({ users }).users.map(({ name }) => name);

  test.each([
    ["a list of names", ["alice", "bob"]],
    ["a list of maps", [{ name: "alice" }, { name: "bob" }]],
    ["text with commas, as pulumi new asks for it", "alice, bob"],
    ["JSON as text", '["alice", {"name": "bob"}]'],
  ])("may be %s", (_how, users) => {
    expect(names(users)).toEqual(["alice", "bob"]);
  });

  test("may be an empty string", () => {
    expect(names("")).toEqual([]);
  });
});

describe("devices", () => {
  test("are by default one phone for each user", () => {
    expect(read({ users: ["alice"] })).toMatchObject({ devices: ["phone"], users: [{ name: "alice" }] });
  });

  test.each([
    ["a list", ["phone", "backup"]],
    ["text with commas", "phone, backup"],
  ])("may be %s for all users, and another list for one user", (_how, devices) => {
    const found = read({ devices, users: ["alice", { name: "bob", devices: ["token"] }] });
    expect(found.devices).toEqual(["phone", "backup"]);
    expect(found.users.map((user) => user.devices)).toEqual([undefined, ["token"]]);
  });

  test.each<[string, unknown, string, string]>([
    ["empty", [], "devices", "1 to 8"],
    ["more than eight", Array.from({ length: 9 }, (_, index) => `d${index}`), "devices", "1 to 8"],
    ["duplicates in different case", ["phone", "Phone"], "devices[1]", "unique names"],
    ["named like a path", ["phone", "a/b"], "devices[1]", "1 to 32 letters"],
    ["named like an option", ["-x"], "devices[0]", "1 to 32 letters"],
    ["a number", 3, "devices", "1 to 8"],
  ])("cannot be %s", (_what, devices, key, expected) => {
    for (const [config, at] of [
      [{ devices }, key],
      [{ users: [{ name: "alice", devices }] }, `users[0].${key}`],
    ] as const) {
      expect(errors(config)).toEqual([expect.stringContaining(`aws-mfa-stack:${at}: expected `)]);
      expect(errors(config)[0]).toContain(expected);
    }
  });
});

describe("an error names the key, what was expected and what was found", () => {
  const role = (more: object) => ({ roles: [{ name: "A", ...more }] });
  const user = (more: object) => ({ users: [{ name: "alice", ...more }] });

  test.each<[string, Record<string, unknown>, string, string, string]>([
    ["a group name without MFA", { groupName: "Admins" }, "groupName", '"Admins"', 'ends in "MFA"'],
    [
      "a session duration of 1800",
      role({ sessionSeconds: 1800 }),
      "roles[0].sessionSeconds",
      "1800",
      "3600 to 43200",
    ],
    [
      "a session duration of 43201",
      role({ sessionSeconds: 43201 }),
      "roles[0].sessionSeconds",
      "43201",
      "3600 to 43200",
    ],
    [
      "a maximum MFA age of 0",
      role({ maxMfaAgeSeconds: 0 }),
      "roles[0].maxMfaAgeSeconds",
      "0",
      "1 to 129600",
    ],
    ["a user listed twice", { users: ["alice", "alice"] }, "users[1].name", '"alice"', "unique names"],
    [
      "a user listed twice in different case",
      { users: ["alice", { name: "Alice" }] },
      "users[1].name",
      '"Alice"',
      "users[0].name",
    ],
    [
      "a role listed twice",
      { roles: [{ name: "A" }, { name: "a" }] },
      "roles[1].name",
      '"a"',
      "unique names",
    ],
    ["an invalid user name", { users: ["al ice"] }, "users[0].name", '"al ice"', "IAM user name"],
    [
      "an account of 11 digits",
      role({ trust: { accounts: ["11112222333"] } }),
      "roles[0].trust.accounts[0]",
      '"11112222333"',
      "12 digits",
    ],
    [
      "a user who is neither in the stack nor an ARN",
      { users: ["alice"], roles: [{ name: "A", trust: { users: ["bob"] } }] },
      "roles[0].trust.users[0]",
      '"bob"',
      "alice",
    ],
    [
      "a user's role that is not configured",
      user({ roles: ["Nope"] }),
      "users[0].roles[0]",
      '"Nope"',
      "MFABasedAccess",
    ],
    ["an empty trust", role({ trust: {} }), "roles[0].trust", "{", "at least one account or user"],
    ["an empty list of roles", { roles: [] }, "roles", "[]", "at least one role"],
    [
      "a role without a name",
      { roles: [{ sessionSeconds: 3600 }] },
      "roles[0].name",
      "nothing",
      "IAM role name",
    ],
    [
      "a path for an existing user",
      user({ existing: true, path: "/a/" }),
      "users[0].path",
      '"/a/"',
      "no value with existing",
    ],
    [
      "an existing user with retainOnDelete",
      user({ existing: true, retainOnDelete: true }),
      "users[0].retainOnDelete",
      "true",
      "no value with existing",
    ],
    [
      "a released user who is still listed",
      { users: ["alice"], releaseUsers: ["bob", "alice"] },
      "releaseUsers[1]",
      '"alice"',
      "no longer in users",
    ],
    ["a path without a trailing slash", user({ path: "/a" }), "users[0].path", '"/a"', "slash"],
    [
      "a policy's name in place of its ARN",
      role({ managedPolicyArns: ["ReadOnlyAccess"] }),
      "roles[0].managedPolicyArns[0]",
      '"ReadOnlyAccess"',
      "ARN",
    ],
    [
      "an inline policy that is not JSON",
      { roles: [{ name: "A", inlinePolicy: "{" }] },
      "roles[0].inlinePolicy",
      '"{"',
      "policy document",
    ],
    [
      "an unknown value of selfServiceDevices",
      { selfServiceDevices: "yes" },
      "selfServiceDevices",
      '"yes"',
      'true, "enable" or false',
    ],
    [
      "a string in selfServiceKeys",
      { selfServiceKeys: "enable" },
      "selfServiceKeys",
      '"enable"',
      "true or false",
    ],
    ["broken JSON in users", { users: '["alice"' }, "users", '"[', "a list of users"],
    [
      "a profile that is its own source",
      { profileName: "default" },
      "profileName",
      '"default"',
      "a name other than",
    ],
    ["a tag key with a combining mark", { tags: { "\u0345": "x" } }, "tags", '{"\u0345"', "of letters"],
    ["a tag key that starts with aws:", { tags: { "aws:team": "x" } }, "tags", '{"aws:team"', "not starting"],
  ])("for %s", (_what, config, key, found, allowed) => {
    const lines = errors(config);
    expect(lines).toEqual([expect.stringContaining(`aws-mfa-stack:${key}: expected `)]);
    expect(lines[0]).toContain(allowed);
    expect(lines[0]).toContain(`, got ${found}`);
  });

  test("and suggests the closest known key for an unknown one", () => {
    expect(errors({ grupName: "MFA" })).toEqual([
      expect.stringMatching(/^aws-mfa-stack:grupName: unknown key; did you mean groupName\?/),
    ]);
    expect(errors({ roles: [{ name: "A", sesionSeconds: 1, trusts: {} }] })).toEqual([
      expect.stringMatching(
        /^aws-mfa-stack:roles\[0\]\.sesionSeconds: unknown key; did you mean sessionSeconds\?/,
      ),
      expect.stringMatching(/^aws-mfa-stack:roles\[0\]\.trusts: unknown key; did you mean trust\?/),
    ]);
  });

  test("but does not show the value of an unknown key, which may be a secret", () => {
    expect(errors({ pasword: "hunter2" }).join()).not.toContain("hunter2");
  });

  test("for each of several mistakes at once", () => {
    expect(
      errors({
        groupName: "Admins",
        grupName: "x",
        users: ["alice", "alice", "al ice", 7],
        roles: [{ name: "A", sessionSeconds: 1800, extra: 1 }],
      }),
    ).toHaveLength(7);
  });
});

describe("before a resource is registered, an error reports", () => {
  test("an existing user that does not exist", async () => {
    await expect(record({ users: [{ name: "carol", existing: true }] })).rejects.toThrow(
      /users\[0\]\.name: expected a user that exists in account 111122223333.*NoSuchEntity.*got "carol"/,
    );
  });

  test("a user's role that trusts neither the account nor the user", async () => {
    await expect(
      record({
        users: [{ name: "alice", roles: ["A"] }],
        roles: [{ name: "A", trust: { accounts: ["444455556666"] } }],
      }),
    ).rejects.toThrow(/users\[0\]\.roles\[0\]: expected a role whose trust includes.*got "A"/);
  });

  test("a role that trusts a user whose roles exclude it", async () => {
    await expect(
      record({
        users: [{ name: "alice", roles: ["B"] }],
        roles: [{ name: "A", trust: { users: ["alice"] } }, { name: "B" }],
      }),
    ).rejects.toThrow(/roles\[0\]\.trust\.users\[0\]: expected .*got "alice"/);
  });

  test("an ARN of another partition", async () => {
    await expect(
      record(
        { roles: [{ name: "A", managedPolicyArns: ["arn:aws:iam::aws:policy/X"] }] },
        { partition: "aws-cn" },
      ),
    ).rejects.toThrow(
      /roles\[0\]\.managedPolicyArns\[0\]: expected .*arn:aws-cn:.*got "arn:aws:iam::aws:policy\/X"/,
    );
  });

  test("more users with roles of their own than a policy can name", async () => {
    const users = Array.from({ length: 200 }, (_, index) => ({
      name: `somebody.with.a.long.name.${index}`,
      roles: [index % 2 === 0 ? "A" : "B"],
    }));
    await expect(record({ users, roles: [{ name: "A" }, { name: "B" }] })).rejects.toThrow(
      /expected a members' policy of at most 6144 characters/,
    );
  });
});

describe("for every input", () => {
  test("a session duration is accepted exactly if it is a whole number from 3600 to 43200", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer(), fc.integer({ min: 3590, max: 43210 }), fc.double()),
        (sessionSeconds) => {
          const right = Number.isInteger(sessionSeconds) && sessionSeconds >= 3600 && sessionSeconds <= 43200;
          expect(errors({ roles: [{ name: "A", sessionSeconds }] }).length === 0).toBe(right);
        },
      ),
    );
  });

  test("a group name is accepted exactly if it is valid and ends in MFA", () => {
    fc.assert(
      fc.property(fc.string(), (start) => {
        expect(errors({ groupName: `${start}MFAs` })).toHaveLength(1);
        expect(errors({ groupName: start }).length === 0).toBe(
          /^[\w+=,.@-]*MFA$/.test(start) && start.length <= 100,
        );
      }),
    );
  });

  test("any JSON under any key is accepted, or rejected with the key of each error", () => {
    const keys = [
      "groupName",
      "selfServiceDevices",
      "selfServiceKeys",
      "users",
      "releaseUsers",
      "roles",
      "profileName",
      "sourceProfile",
      "tags",
    ];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()), (config) => {
        for (const line of errors(config)) expect(line).toMatch(/^aws-mfa-stack:[\w[\].]+.*: \S/);
      }),
    );
  });
});

test("Pulumi.example.yaml is valid and has every key", () => {
  const file = parse(readFileSync(join(__dirname, "../Pulumi.example.yaml"), "utf8")).config;
  const config = Object.fromEntries(
    Object.entries(file)
      .filter(([key]) => key.startsWith("aws-mfa-stack:"))
      .map(([key, value]) => [key.slice("aws-mfa-stack:".length), value]),
  );
  expect(errors(config)).toEqual([]);
  expect(Object.keys(config).sort()).toEqual(Object.keys(read({})).sort());
});

test("the questions of pulumi new have known keys and valid defaults", () => {
  const questions: Record<string, { default: string }> = parse(
    readFileSync(join(__dirname, "../Pulumi.yaml"), "utf8"),
  ).template.config;
  const config = Object.fromEntries(
    Object.entries(questions)
      .filter(([key]) => !key.includes(":"))
      .map(([key, question]) => [key, question.default]),
  );
  expect(errors(config)).toEqual([]);
});
