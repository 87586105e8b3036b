import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ACCOUNT, policyText, UNKNOWN_TEXT, WITH_MFA, WITHOUT_MFA } from "../../policy-pack/rules/example";
import { type Analyzed, PACK_FOLDER, RunningPack } from "./pack";

let pack: RunningPack;
beforeAll(async () => {
  pack = await RunningPack.start(PACK_FOLDER);
});
beforeEach(() => pack.configure({}));
afterAll(() => pack.stop());

const CLOUD_CONTROL = "aws:cloudcontrol/resource:Resource";
const EXTENSION = "aws-native:index:ExtensionResource";

/** A resource of any type of CloudFormation, by each way that Pulumi has for one. */
function declared(way: string, type: string, properties: object, name = "legacy"): Analyzed {
  return way === EXTENSION
    ? { type: way, name, props: { type, properties } }
    : { type: way, name, props: { typeName: type, desiredState: JSON.stringify(properties) } };
}

async function said(...resources: Analyzed[]): Promise<string[]> {
  const each = await Promise.all(resources.map((resource) => pack.analyze(resource)));
  const whole = await pack.analyzeStack(resources);
  return [...each.flat(), ...whole].map(
    ({ policy, about, message }) => `${about} ${policy}: ${message.split("\n")[1]}`,
  );
}

const trust = (more: object) => ({
  AssumeRolePolicyDocument: JSON.parse(
    policyText({ Effect: "Allow", Principal: ACCOUNT, Action: "sts:AssumeRole", ...more }),
  ),
});
const GUARD = {
  PolicyName: "guard",
  PolicyDocument: JSON.parse(
    policyText({ Effect: "Deny", NotAction: ["iam:EnableMFADevice"], Resource: "*", Condition: WITHOUT_MFA }),
  ),
};

describe.each([CLOUD_CONTROL, EXTENSION])("a resource declared as %s", (way) => {
  test("of type AWS::IAM::Role is evaluated like any other role", async () => {
    expect(await said(declared(way, "AWS::IAM::Role", trust({})))).toEqual([
      "legacy iam-role-requires-mfa: This role can be assumed without MFA.",
    ]);
    expect(await said(declared(way, "AWS::IAM::Role", trust({ Condition: WITH_MFA })))).toEqual([]);
  });

  test("of type AWS::IAM::Group is evaluated with its own policies and those that name it", async () => {
    const group = (more: object) => declared(way, "AWS::IAM::Group", { GroupName: "ops", ...more });
    const [only, ...more] = await said(group({}));
    expect(more).toEqual([]);
    expect(only).toContain("legacy iam-group-requires-mfa:");
    expect(await said(group({ Policies: [GUARD] }))).toEqual([]);
    const named = declared(way, "AWS::IAM::GroupPolicy", { GroupName: "ops", ...GUARD }, "guard");
    expect(await said(group({}), named)).toEqual([]);
  });

  test("of type AWS::S3::Bucket gets no finding", async () => {
    expect(await said(declared(way, "AWS::S3::Bucket", { BucketName: "b" }))).toEqual([]);
  });
});

describe("a Cloud Control resource", () => {
  test.each<[string, Analyzed["props"]]>([
    ["with an unknown state", { typeName: "AWS::IAM::Role", desiredState: UNKNOWN_TEXT }],
    ["with an unknown type", { typeName: UNKNOWN_TEXT, desiredState: JSON.stringify(trust({})) }],
    ["with a state that is not a JSON object", { typeName: "AWS::IAM::Role", desiredState: "[]" }],
  ])('%s gets a note, and a violation if unknown is "reject"', async (_, props) => {
    const resource: Analyzed = { type: CLOUD_CONTROL, name: "legacy", props };
    const notes = await said(resource);
    expect(notes.length).toBeGreaterThan(0);
    for (const note of notes) expect(note).toContain("iam-mfa-notes");
    await pack.configure({ "iam-role-requires-mfa": { unknown: "reject" } });
    expect((await said(resource)).join("\n")).toContain("legacy iam-role-requires-mfa:");
  });
});
