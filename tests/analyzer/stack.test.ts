import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { iam, policyText, UNKNOWN_TEXT, WITHOUT_MFA } from "../../policy-pack/rules/example";
import { type Analyzed, PACK_FOLDER, RunningPack } from "./pack";

const GUARD = policyText({
  Effect: "Deny",
  NotAction: ["iam:EnableMFADevice", "sts:GetSessionToken"],
  Resource: "*",
  Condition: WITHOUT_MFA,
});
const NOT_A_GUARD = policyText({ Effect: "Allow", Action: "s3:*", Resource: "*" });

const group = iam("Group", "staff", { name: "staff" });
const policy = iam("Policy", "guard", { name: "guard", policy: GUARD });
const arn = "arn:aws:iam::111122223333:policy/guard";
/** The same, with its ARN. */
const guard = iam("Policy", "guard", { name: "guard", policy: GUARD, arn });
const inline = iam("GroupPolicy", "inline", { group: "staff", policy: GUARD });

let pack: RunningPack;
beforeAll(async () => {
  pack = await RunningPack.start(PACK_FOLDER);
});
beforeEach(() => pack.configure({}));
afterAll(() => pack.stop());

/** Who is rejected, and who is noted, by name. */
async function judged(resources: readonly Analyzed[]): Promise<{ rejected: string[]; noted: string[] }> {
  const said = await pack.analyzeStack(resources);
  return {
    rejected: said.filter((each) => each.policy === "iam-group-requires-mfa").map((each) => each.about),
    noted: said.filter((each) => each.policy === "iam-mfa-notes").map((each) => each.about),
  };
}

const GUARDED = { rejected: [], noted: [] };
const REJECTED = { rejected: ["staff"], noted: [] };
const UNDECIDED = { rejected: [], noted: ["staff"] };

describe("a guard is found wherever it is declared", () => {
  test.each<[string, Analyzed[]]>([
    [
      "attached through dependencies, while its ARN and the group's name are unresolved",
      [
        group,
        policy,
        iam(
          "GroupPolicyAttachment",
          "attachment",
          { group: UNKNOWN_TEXT, policyArn: UNKNOWN_TEXT },
          { group: ["staff"], policyArn: ["guard"] },
        ),
      ],
    ],
    [
      "inline, through a provider of the same account in another region",
      [
        { ...group, provider: "home/us-east-1" },
        { ...inline, provider: "home/eu-west-1" },
      ],
    ],
    [
      "inline, in a group policy whose group is unresolved",
      [group, iam("GroupPolicy", "inline", { group: UNKNOWN_TEXT, policy: GUARD }, { group: ["staff"] })],
    ],
    [
      "attached to several groups at once",
      [group, guard, iam("PolicyAttachment", "attachment", { groups: ["other", "staff"], policyArn: arn })],
    ],
    [
      "attached by an exclusive list",
      [
        group,
        guard,
        iam("GroupPolicyAttachmentsExclusive", "only", { groupName: "staff", policyArns: [arn] }),
      ],
    ],
    [
      "inline in an aws-native group",
      [
        {
          type: "aws-native:iam:Group",
          name: "staff",
          props: {
            groupName: "staff",
            policies: [{ policyName: "guard", policyDocument: JSON.parse(GUARD) }],
          },
        },
      ],
    ],
    [
      "in an aws-native managed policy that lists the group",
      [
        { type: "aws-native:iam:Group", name: "staff", props: { groupName: "staff" } },
        {
          type: "aws-native:iam:ManagedPolicy",
          name: "guard",
          props: { policyDocument: JSON.parse(GUARD), groups: ["staff"] },
        },
      ],
    ],
    [
      "beside another policy of the group that is not known yet",
      [group, inline, iam("GroupPolicy", "more", { group: "staff", policy: UNKNOWN_TEXT })],
    ],
  ])("%s", async (_, resources) => {
    expect(await judged(resources)).toEqual(GUARDED);
  });
});

describe("a group is rejected with", () => {
  test.each<[string, Analyzed[]]>([
    ["a guard that the stack declares but does not attach", [group, policy]],
    [
      "a guard of a group of the same name in another account",
      [
        { ...group, provider: "home" },
        { ...inline, provider: "elsewhere" },
      ],
    ],
    [
      "a guard that an exclusive list removes",
      [
        group,
        iam("GroupPolicy", "inline", { group: "staff", name: "guard", policy: GUARD }),
        iam("GroupPoliciesExclusive", "only", { groupName: "staff", policyNames: ["something-else"] }),
      ],
    ],
    [
      "a guard that a PolicyAttachment, which owns all its attachments, gives to other groups only",
      [
        group,
        guard,
        iam("GroupPolicyAttachment", "attachment", { group: "staff", policyArn: arn }),
        iam("PolicyAttachment", "owner", { groups: ["others"], policyArn: arn }),
      ],
    ],
    [
      "an attached policy whose unresolved ARN depends on a policy that is not a guard",
      [
        group,
        { ...policy, props: { name: "guard", policy: NOT_A_GUARD } },
        iam(
          "GroupPolicyAttachment",
          "attachment",
          { group: "staff", policyArn: UNKNOWN_TEXT },
          { policyArn: ["guard"] },
        ),
      ],
    ],
  ])("%s", async (_, resources) => {
    expect(await judged(resources)).toEqual(REJECTED);
  });
});

describe("if resources overwrite each other in no defined order", () => {
  const same = (name: string, document: string) =>
    iam("GroupPolicy", name, { group: "staff", name: "same", policy: document });
  const only = (name: string, ...policyArns: string[]) =>
    iam("GroupPolicyAttachmentsExclusive", name, { groupName: "staff", policyArns });
  const elsewhere = "arn:aws:iam::111122223333:policy/other";

  test.each<[string, Analyzed[], string[]]>([
    [
      "the worse of two inline policies with the same name counts",
      [same("first", GUARD), same("second", NOT_A_GUARD)],
      ["first", "second"],
    ],
    [
      "the worse of two exclusive lists of attachments counts",
      [guard, only("first", arn), only("second", elsewhere)],
      ["first", "second"],
    ],
  ])("%s", async (_, resources, names) => {
    for (const given of [resources, [...resources].reverse()]) {
      expect(await judged([group, ...given])).toEqual({ rejected: ["staff"], noted: ["staff"] });
      const notes = (await pack.analyzeStack([group, ...given])).filter(
        (each) => each.policy === "iam-mfa-notes",
      );
      for (const name of names) expect(notes[0]?.message).toContain(name);
    }
  });

  test.each<[string, Analyzed[]]>([
    [
      "two inline policies with the same name that are both guards protect the group",
      [same("first", GUARD), same("second", GUARD)],
    ],
    [
      "two exclusive lists that both include the guard protect the group",
      [guard, only("first", arn), only("second", arn, elsewhere)],
    ],
  ])("%s", async (_, resources) => {
    expect(await judged([group, ...resources])).toEqual(GUARDED);
  });

  test("a GroupMembership without a user overrides a UserGroupMembership that adds the user", async () => {
    const alice = iam("User", "alice", { name: "alice" });
    const key = iam("AccessKey", "key", { user: "alice" });
    const joining = iam("UserGroupMembership", "joining", { user: "alice", groups: ["staff"] });
    const owning = (...users: string[]) =>
      iam("GroupMembership", "owning", { name: "all", group: "staff", users });
    const about = async (...more: Analyzed[]) => {
      const said = await pack.analyzeStack([group, same("guard", GUARD), alice, key, ...more]);
      return said.filter((each) => each.policy === "iam-user-requires-mfa");
    };
    expect(await about(joining)).toEqual([]);
    expect(await about(joining, owning("alice"))).toEqual([]);
    const [open] = await about(joining, owning("bob"));
    expect(open).toMatchObject({ about: "alice" });
    expect(open?.message).toContain("owning owns all members");
  });
});

describe("a group whose guard is not certain yet", () => {
  const unknownPolicy = iam("GroupPolicy", "inline", { group: "staff", policy: UNKNOWN_TEXT });

  test("gets a note", async () => {
    expect(await judged([group, unknownPolicy])).toEqual(UNDECIDED);
  });

  test('is rejected if unknown is "reject"', async () => {
    await pack.configure({ "iam-group-requires-mfa": { unknown: "reject" } });
    expect(await judged([group, unknownPolicy])).toEqual(REJECTED);
  });

  test("gets a note if an attachment may be to it or to another group", async () => {
    const attachment = iam(
      "GroupPolicyAttachment",
      "attachment",
      { group: UNKNOWN_TEXT, policyArn: UNKNOWN_TEXT },
      { group: ["staff", "guests"], policyArn: ["guard"] },
    );
    const guests = iam("Group", "guests", { name: "guests" });
    expect(await judged([group, guests, policy, attachment])).toEqual({
      rejected: [],
      noted: ["guests", "staff"],
    });
  });

  const named = iam("GroupPolicy", "inline", { group: "staff", name: "guard", policy: GUARD });
  const attachment = iam("GroupPolicyAttachment", "attachment", { group: "staff", policyArn: arn });
  test.each<[string, Analyzed[]]>([
    [
      "another inline policy may have the guard's name",
      [named, iam("GroupPolicy", "work", { group: "staff", name: UNKNOWN_TEXT, policy: NOT_A_GUARD })],
    ],
    [
      "an exclusive list may not include the guard",
      [named, iam("GroupPoliciesExclusive", "only", { groupName: "staff", policyNames: [UNKNOWN_TEXT] })],
    ],
    [
      "a PolicyAttachment, which owns all the guard's attachments, may be for other groups only",
      [policy, attachment, iam("PolicyAttachment", "owner", { groups: [UNKNOWN_TEXT], policyArn: arn })],
    ],
    [
      "an exclusive list of inline policies may be the group's",
      [named, iam("GroupPoliciesExclusive", "only", { groupName: UNKNOWN_TEXT, policyNames: ["work"] })],
    ],
    [
      "an inline policy with the guard's name may be the group's",
      [named, iam("GroupPolicy", "work", { group: UNKNOWN_TEXT, name: "guard", policy: NOT_A_GUARD })],
    ],
    [
      "an exclusive list of attachments may be the group's",
      [
        policy,
        attachment,
        iam("GroupPolicyAttachmentsExclusive", "only", { groupName: UNKNOWN_TEXT, policyArns: [] }),
      ],
    ],
    [
      "a PolicyAttachment for other groups may own the guard's attachments",
      [policy, attachment, iam("PolicyAttachment", "owner", { groups: ["others"], policyArn: UNKNOWN_TEXT })],
    ],
  ])("gets a note if %s", async (_, resources) => {
    expect(await judged([group, ...resources])).toEqual(UNDECIDED);
  });

  test("does not change the verdict on another group", async () => {
    const bare = iam("Group", "bare", { name: "bare" });
    expect(await judged([group, unknownPolicy, bare])).toEqual({ rejected: ["bare"], noted: ["staff"] });
  });
});

test("the order of the resources does not change the findings", async () => {
  const resources = ["c", "a", "b"].map((name): Analyzed => iam("Group", name, { name }));
  const said = await pack.analyzeStack(resources);
  expect(said.map((each) => each.about)).toEqual(["a", "b", "c"]);
  expect(await pack.analyzeStack([...resources].reverse())).toEqual(said);
});

test("an invalid document is a violation that names the place, and the group is evaluated without it", async () => {
  const said = await pack.analyzeStack([
    group,
    iam("GroupPolicy", "broken", {
      group: "staff",
      policy: policyText({ Effect: "deny", Action: "*", Resource: "*" }),
    }),
  ]);
  expect(said.map(({ message }) => message).join("\n")).toContain("Statement[0].Effect: found");
  expect(said).toHaveLength(2);
});

test("the pack prints nothing", () => {
  expect(pack.printed).toEqual([]);
});
