import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runPlain } from "../../testing/command";
import { evaluateInput } from "../evaluate";
import { GUARD, trust } from "../sample/documents";
import { defaultSettings } from "../settings";
import { readState } from "./state";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc:def" };
const PROVIDER = "urn:pulumi:prod::app::pulumi:providers:aws::default::0f1e2d3c";

const urn = (type: string, name: string) => `urn:pulumi:prod::app::${type}::${name}`;

function resource(type: string, name: string, outputs: object, more: object = {}) {
  return {
    urn: urn(type, name),
    type,
    custom: true,
    id: name,
    inputs: {},
    outputs,
    provider: PROVIDER,
    ...more,
  };
}

const exported = (...resources: readonly object[]) => ({
  version: 3,
  deployment: { manifest: {}, resources },
});

function stands(...resources: readonly object[]) {
  const { subjects } = evaluateInput(
    readState(exported(...resources), "state.json"),
    defaultSettings(),
    new Date(),
  );
  return subjects.map(({ kind, name, standing }) => `${standing} ${kind} ${name}`);
}

describe("in the state of a stack", () => {
  test("a role has the standing of its trust policy", () => {
    const ROLE = "aws:iam/role:Role";
    expect(
      stands(
        resource(ROLE, "open", { name: "open", assumeRolePolicy: trust() }),
        resource(ROLE, "shut", {
          name: "shut",
          assumeRolePolicy: trust({ Bool: { "aws:MultiFactorAuthPresent": "true" } }),
        }),
      ),
    ).toEqual(["open role open", "protected role shut"]);
  });

  test("a group is guarded by an inline policy that another resource declares", () => {
    const group = resource("aws:iam/group:Group", "staff", { name: "staff" });
    const policy = (group: string) =>
      resource("aws:iam/groupPolicy:GroupPolicy", "guard", { name: "guard", group, policy: GUARD });
    expect(stands(group, policy("staff"))).toEqual(["protected group staff"]);
    expect(stands(group, policy("others"))).toEqual(["open group staff"]);
  });

  test("a group is guarded through another provider only if both have the same credentials", () => {
    const provider = (name: string, inputs: object) => ({
      ...resource("pulumi:providers:aws", name, {}),
      inputs,
    });
    const through = (name: string) => ({ provider: `${urn("pulumi:providers:aws", name)}::0f1e2d3c` });
    const guarded = (inputs: object) => [
      provider("home", { region: "us-east-1" }),
      provider("other", inputs),
      resource("aws:iam/group:Group", "staff", { name: "staff" }, through("home")),
      resource(
        "aws:iam/groupPolicy:GroupPolicy",
        "guard",
        { name: "guard", group: "staff", policy: GUARD },
        through("other"),
      ),
    ];
    expect(stands(...guarded({ region: "eu-west-1" }))).toEqual(["protected group staff"]);
    expect(stands(...guarded({ region: "eu-west-1", profile: "elsewhere" }))).toEqual(["open group staff"]);
  });

  test("a secret value is unknown, encrypted or as --show-secrets shows it", () => {
    const role = (assumeRolePolicy: unknown) =>
      resource("aws:iam/role:Role", "deploy", { name: "deploy", assumeRolePolicy });
    expect(stands(role(SECRET))).toEqual(["unknown role deploy"]);
    const shown = { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", plaintext: JSON.stringify(trust()) };
    expect(stands(role(shown))).toEqual(["unknown role deploy"]);
  });

  test("a virtual MFA device with its seed in plaintext is open", () => {
    const device = (more: object) =>
      resource("aws:iam/virtualMfaDevice:VirtualMfaDevice", "phone", { base32StringSeed: "" }, more);
    expect(stands(device({}))).toEqual(["open device phone"]);
    expect(stands(device({ additionalSecretOutputs: ["base32StringSeed", "qrCodePng"] }))).toEqual([]);
  });

  test("a role created through the Cloud Control API is evaluated as a role", () => {
    const wrapped = (desiredState: unknown) =>
      resource("aws:cloudcontrol/resource:Resource", "legacy", { typeName: "AWS::IAM::Role", desiredState });
    const document = { RoleName: "deploy", AssumeRolePolicyDocument: JSON.parse(trust()) };
    expect(stands(wrapped(JSON.stringify(document)))).toEqual(["open role deploy"]);
    expect(stands(wrapped(SECRET))).toEqual(["unknown role legacy"]);
  });

  test("the template of a CloudFormation stack is evaluated", () => {
    const templateBody = JSON.stringify({
      Resources: {
        Deploy: {
          Type: "AWS::IAM::Role",
          Properties: { AssumeRolePolicyDocument: JSON.parse(trust()) },
        },
      },
    });
    expect(stands(resource("aws:cloudformation/stack:Stack", "legacy", { templateBody }))).toEqual([
      "open role Deploy",
    ]);
  });

  test("a role pending deletion is reported as not evaluated, and a bucket is not", () => {
    const old = resource(
      "aws:iam/role:Role",
      "r",
      { name: "r", assumeRolePolicy: trust() },
      { delete: true },
    );
    const source = readState(exported(old), "state.json");
    expect(source.resources).toEqual([]);
    expect(source.trouble?.problem).toContain(`not evaluated: ${urn("aws:iam/role:Role", "r")}.`);
    const bucket = resource("aws:s3/bucket:Bucket", "b", {}, { delete: true });
    expect(readState(exported(bucket), "state.json").trouble).toBeUndefined();
  });

  test("a policy that is pending replacement or was being deleted is no guard", () => {
    const type = "aws:iam/groupPolicy:GroupPolicy";
    const group = resource("aws:iam/group:Group", "g", { name: "g" });
    const guard = resource(type, "p", { name: "p", group: "g", policy: GUARD });
    const pending_operations = [{ type: "deleting", resource: { urn: urn(type, "p") } }];
    const { version, deployment } = exported(group, guard);
    const replaced = exported(group, { ...guard, pendingReplacement: true });
    for (const state of [replaced, { version, deployment: { ...deployment, pending_operations } }]) {
      const source = readState(state, "state.json");
      expect(source.resources.map(({ name }) => name)).toEqual(["g"]);
      expect(source.trouble).toMatchObject({ notLookedAt: { resources: 1 } });
    }
  });

  test("a duplicate URN is an error", () => {
    const group = (name: string) => resource("aws:iam/group:Group", "g", { name });
    expect(() => readState(exported(group("a"), group("b")), "state.json")).toThrow(
      "state.json has more than one resource with the URN urn:pulumi:prod::app::aws:iam/group:Group::g.",
    );
  });

  test("the place is named after its project and stack", () => {
    expect(readState(exported(resource("aws:iam/group:Group", "g", {})), "-").name).toBe("app/prod");
  });
});

describe("aws-mfa audit --state", () => {
  let folder: string;
  const env = { PATH: process.env.PATH ?? "" };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "aws-mfa-state-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("reads a file or standard input", async () => {
    const state = JSON.stringify(
      exported(resource("aws:iam/role:Role", "deploy", { name: "deploy", assumeRolePolicy: trust() })),
    );
    await writeFile(join(folder, "state.json"), state);
    const fromFile = await runPlain(["audit", "--state", "state.json"], { env, cwd: folder });
    const fromInput = await runPlain(["audit", "--state", "-"], { env, cwd: folder, input: state });
    expect(fromFile).toEqual(fromInput);
    expect(fromFile.code).toBe(1);
    expect(fromFile.stdout).toMatch(/^bypassable +role +deploy/m);
  });

  test("exits with 0 if it could not decide, and says what makes that fail", async () => {
    const unread = resource("aws:iam/role:Role", "deploy", { name: "deploy", assumeRolePolicy: SECRET });
    const input = JSON.stringify(exported(unread));
    await writeFile(
      join(folder, "strict.json"),
      JSON.stringify({ "iam-role-requires-mfa": { unknown: "reject" } }),
    );
    const ended = await runPlain(["audit", "--state", "-"], { env, cwd: folder, input });
    expect(ended.code).toBe(0);
    expect(ended.stderr).toMatch(
      /^1 could not be decided, and does not fail: to make them fail, set "unknown" to "reject" .*--exemptions.$/,
    );
    const strict = ["audit", "--state", "-", "--exemptions", "strict.json"];
    expect(await runPlain(strict, { env, cwd: folder, input })).toMatchObject({ code: 1, stderr: "" });
  });

  test("says that what decides a user without declared credentials is elsewhere", async () => {
    const input = JSON.stringify(exported(resource("aws:iam/user:User", "bob", { name: "bob" })));
    const { code, stderr } = await runPlain(["audit", "--state", "-"], { env, cwd: folder, input });
    expect(code).toBe(0);
    expect(stderr).toContain("1 could not be decided, and does not fail: what decides it is elsewhere");
  });

  test.each([
    ["", "Standard input is not JSON: it is empty."],
    ["{", "Standard input is not JSON."],
    ['{"a": 1}', "Standard input is not the export of a Pulumi stack: see version and deployment."],
  ])("says what is wrong with %j", async (input, said) => {
    const { code, stderr } = await runPlain(["audit", "--state", "-"], { env, cwd: folder, input });
    expect(code).toBe(2);
    expect(stderr).toContain(said);
  });
});
