import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { policyText, UNKNOWN_TEXT, WITHOUT_MFA } from "../../policy-pack/rules/example";
import { type Analyzed, PACK_FOLDER, RunningPack } from "./pack";

const GUARD = policyText({
  Effect: "Deny",
  NotAction: ["iam:EnableMFADevice", "sts:GetSessionToken"],
  Resource: "*",
  Condition: WITHOUT_MFA,
});
const NOT_A_GUARD = policyText({ Effect: "Allow", Action: "s3:*", Resource: "*" });

const group: Analyzed = { type: "aws:iam/group:Group", name: "staff", props: { name: "staff" } };
const policy: Analyzed = {
  type: "aws:iam/policy:Policy",
  name: "guard",
  props: { name: "guard", policy: GUARD },
};

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
      "attached while its ARN and the group's name are unresolved, by what the properties depend on",
      [
        group,
        policy,
        {
          type: "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
          name: "attachment",
          props: { group: UNKNOWN_TEXT, policyArn: UNKNOWN_TEXT },
          dependencies: { group: ["staff"], policyArn: ["guard"] },
        },
      ],
    ],
    [
      "inline, through a provider of the same account in another region",
      [
        { ...group, provider: "home/us-east-1" },
        {
          type: "aws:iam/groupPolicy:GroupPolicy",
          name: "inline",
          props: { group: "staff", policy: GUARD },
          provider: "home/eu-west-1",
        },
      ],
    ],
    [
      "inline, in a group policy whose group is unresolved",
      [
        group,
        {
          type: "aws:iam/groupPolicy:GroupPolicy",
          name: "inline",
          props: { group: UNKNOWN_TEXT, policy: GUARD },
          dependencies: { group: ["staff"] },
        },
      ],
    ],
    [
      "attached to several holders at once",
      [
        group,
        { ...policy, props: { ...policy.props, arn: "arn:aws:iam::111122223333:policy/guard" } },
        {
          type: "aws:iam/policyAttachment:PolicyAttachment",
          name: "attachment",
          props: { groups: ["other", "staff"], policyArn: "arn:aws:iam::111122223333:policy/guard" },
        },
      ],
    ],
    [
      "kept by an exclusive attachment",
      [
        group,
        { ...policy, props: { ...policy.props, arn: "arn:aws:iam::111122223333:policy/guard" } },
        {
          type: "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
          name: "only",
          props: { groupName: "staff", policyArns: ["arn:aws:iam::111122223333:policy/guard"] },
        },
      ],
    ],
    [
      "inside an aws-native group",
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
      "in an aws-native managed policy that attaches itself",
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
      "proven, although another policy of the group is not known yet",
      [
        group,
        { type: "aws:iam/groupPolicy:GroupPolicy", name: "inline", props: { group: "staff", policy: GUARD } },
        {
          type: "aws:iam/groupPolicy:GroupPolicy",
          name: "more",
          props: { group: "staff", policy: UNKNOWN_TEXT },
        },
      ],
    ],
  ])("%s", async (_, resources) => {
    expect(await judged(resources)).toEqual(GUARDED);
  });
});

describe("what is not a guard", () => {
  test.each<[string, Analyzed[]]>([
    ["a policy that the stack declares but does not attach", [group, policy]],
    [
      "a guard of a group of the same name in another account",
      [
        { ...group, provider: "home" },
        {
          type: "aws:iam/groupPolicy:GroupPolicy",
          name: "inline",
          props: { group: "staff", policy: GUARD },
          provider: "elsewhere",
        },
      ],
    ],
    [
      "a guard that an exclusive resource takes away again",
      [
        group,
        {
          type: "aws:iam/groupPolicy:GroupPolicy",
          name: "inline",
          props: { group: "staff", name: "guard", policy: GUARD },
        },
        {
          type: "aws:iam/groupPoliciesExclusive:GroupPoliciesExclusive",
          name: "only",
          props: { groupName: "staff", policyNames: ["something-else"] },
        },
      ],
    ],
    [
      "a guard that a PolicyAttachment, which owns all of its policy's attachments, gives to others only",
      [
        group,
        { ...policy, props: { ...policy.props, arn: "arn:aws:iam::111122223333:policy/guard" } },
        {
          type: "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
          name: "attachment",
          props: { group: "staff", policyArn: "arn:aws:iam::111122223333:policy/guard" },
        },
        {
          type: "aws:iam/policyAttachment:PolicyAttachment",
          name: "owner",
          props: { groups: ["others"], policyArn: "arn:aws:iam::111122223333:policy/guard" },
        },
      ],
    ],
    [
      "an attached policy whose unresolved ARN is that of a policy which guards nothing",
      [
        group,
        { ...policy, props: { name: "guard", policy: NOT_A_GUARD } },
        {
          type: "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
          name: "attachment",
          props: { group: "staff", policyArn: UNKNOWN_TEXT },
          dependencies: { policyArn: ["guard"] },
        },
      ],
    ],
  ])("%s", async (_, resources) => {
    expect(await judged(resources)).toEqual(REJECTED);
  });
});

/** A resource on the group that every case here has. */
function onGroup(type: string, name: string, props: object): Analyzed {
  return {
    type: `aws:iam/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`,
    name,
    props: { ...props },
  };
}

describe("resources that overwrite each other in an order that is not given: the worse outcome counts", () => {
  const inline = (name: string, document: string) =>
    onGroup("GroupPolicy", name, { group: "staff", name: "same", policy: document });
  const only = (name: string, ...policyArns: string[]) =>
    onGroup("GroupPolicyAttachmentsExclusive", name, { groupName: "staff", policyArns });
  const arn = "arn:aws:iam::111122223333:policy/guard";
  const guard = { ...policy, props: { ...policy.props, arn } };
  const elsewhere = "arn:aws:iam::111122223333:policy/other";

  test.each<[string, Analyzed[], string[]]>([
    [
      "two inline policies of one name",
      [inline("first", GUARD), inline("second", NOT_A_GUARD)],
      ["first", "second"],
    ],
    [
      "two exclusive lists of attachments",
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
      "two inline policies of one name that are both a guard",
      [inline("first", GUARD), inline("second", GUARD)],
    ],
    [
      "two exclusive lists that both have the guard",
      [guard, only("first", arn), only("second", arn, elsewhere)],
    ],
  ])("no order decides: %s", async (_, resources) => {
    expect(await judged([group, ...resources])).toEqual(GUARDED);
  });

  test("a GroupMembership owns all members, and takes out a user whom another resource puts in", async () => {
    const alice = onGroup("User", "alice", { name: "alice" });
    const key = onGroup("AccessKey", "key", { user: "alice" });
    const joining = onGroup("UserGroupMembership", "joining", { user: "alice", groups: ["staff"] });
    const owning = (...users: string[]) =>
      onGroup("GroupMembership", "owning", { name: "all", group: "staff", users });
    const about = async (...more: Analyzed[]) => {
      const said = await pack.analyzeStack([group, inline("guard", GUARD), alice, key, ...more]);
      return said.filter((each) => each.policy === "iam-user-requires-mfa");
    };
    expect(await about(joining)).toEqual([]);
    expect(await about(joining, owning("alice"))).toEqual([]);
    const [open] = await about(joining, owning("bob"));
    expect(open).toMatchObject({ about: "alice" });
    expect(open?.message).toContain("owning owns all members");
  });
});

describe("what is not known yet", () => {
  const unknownPolicy: Analyzed = {
    type: "aws:iam/groupPolicy:GroupPolicy",
    name: "inline",
    props: { group: "staff", policy: UNKNOWN_TEXT },
  };

  test("is a note, since the update will know", async () => {
    expect(await judged([group, unknownPolicy])).toEqual(UNDECIDED);
  });

  test('rejects with "unknown": "reject"', async () => {
    await pack.configure({ "iam-group-requires-mfa": { unknown: "reject" } });
    expect(await judged([group, unknownPolicy])).toEqual(REJECTED);
  });

  test("an attachment that may be to either of two groups guards neither, and rejects neither", async () => {
    const attachment: Analyzed = {
      type: "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
      name: "attachment",
      props: { group: UNKNOWN_TEXT, policyArn: UNKNOWN_TEXT },
      dependencies: { group: ["staff", "guests"], policyArn: ["guard"] },
    };
    const guests: Analyzed = { type: "aws:iam/group:Group", name: "guests", props: { name: "guests" } };
    expect(await judged([group, guests, policy, attachment])).toEqual({
      rejected: [],
      noted: ["guests", "staff"],
    });
  });

  test("hides no verdict on another resource", async () => {
    const bare: Analyzed = { type: "aws:iam/group:Group", name: "bare", props: { name: "bare" } };
    expect(await judged([group, unknownPolicy, bare])).toEqual({ rejected: ["bare"], noted: ["staff"] });
  });
});

test("order never changes what is said", async () => {
  const resources = ["c", "a", "b"].map(
    (name): Analyzed => ({ type: "aws:iam/group:Group", name, props: { name } }),
  );
  const said = await pack.analyzeStack(resources);
  expect(said.map((each) => each.about)).toEqual(["a", "b", "c"]);
  expect(await pack.analyzeStack([...resources].reverse())).toEqual(said);
});

test("a broken document is a violation that names the place, and the group is judged without it", async () => {
  const said = await pack.analyzeStack([
    group,
    {
      type: "aws:iam/groupPolicy:GroupPolicy",
      name: "broken",
      props: { group: "staff", policy: policyText({ Effect: "deny", Action: "*", Resource: "*" }) },
    },
  ]);
  expect(said.map(({ message }) => message).join("\n")).toContain("Statement[0].Effect: found");
  expect(said).toHaveLength(2);
});

test("the pack prints nothing on its own", () => {
  expect(pack.printed).toEqual([]);
});
