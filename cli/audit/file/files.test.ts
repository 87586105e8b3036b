import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { evaluateInput } from "../evaluate";
import type { AuditInput } from "../input";
import { inputIn } from "../sample/documents";
import { defaultSettings, settingsFrom } from "../settings";
import { type Deployed, recognize } from "./document";
import { readPath } from "./files";

const OPEN_TRUST = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}}`;
const GUARD = `
Version: 2012-10-17
Statement:
  - Effect: Deny
    NotAction: [iam:GetUser]
    Resource: "*"
    Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": false}}
`;
const LEAKY = GUARD.replace("BoolIfExists", "Bool");
const PERMISSIONS = `{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`;
const BUCKET = `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*"}]}`;
const ROLE = `{"RoleName": "deploy", "Arn": "arn:aws:iam::111122223333:role/deploy", "AssumeRolePolicyDocument": ${OPEN_TRUST}}`;
const IN_STATE = JSON.stringify({
  ...{ address: "aws_iam_role.deploy", mode: "managed", type: "aws_iam_role", name: "deploy" },
  values: { name: "deploy", assume_role_policy: OPEN_TRUST },
});
const IN_EXPORT = JSON.stringify({
  urn: "urn:pulumi:prod::app::aws:iam/role:Role::deploy",
  type: "aws:iam/role:Role",
  outputs: { assumeRolePolicy: OPEN_TRUST },
});
const deepState = (depth: number) =>
  `{"format_version": "1.0", "values": {"root_module": ${'{"child_modules": ['.repeat(depth)}${"]}".repeat(depth)}}}`;
const TWO_ACCOUNTS = JSON.stringify({
  RoleDetailList: ["111122223333", "444455556666"].map((account) => ({
    RoleName: "deploy",
    Arn: `arn:aws:iam::${account}:role/deploy`,
    AssumeRolePolicyDocument: OPEN_TRUST,
  })),
});
/** Ten short lines that expand to a billion values. */
const ALIAS_BOMB = `
Statement: [&n0 [x, x, x, x, x, x, x, x, x, x]]
${Array.from({ length: 9 }, (_, nth) => `n${nth + 1}: &n${nth + 1} [${`*n${nth}, `.repeat(10)}]`).join("\n")}
`;
const TEMPLATE = `
Resources:
  Staff: {Type: AWS::IAM::Group}
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: ${OPEN_TRUST}
  Rest: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: "https://example.com/rest.yaml"}}
`;

async function inputsBelow(path: string): Promise<readonly AuditInput[]> {
  const sources = await readPath(path);
  return sources.flatMap((source) => (source.kind === "page" ? [] : [source]));
}

function stands(text: string) {
  const { subjects } = evaluateInput(inputIn(text, "some/file"), defaultSettings(), new Date());
  return subjects.map(({ kind, name, standing, findings }) => {
    const mandatory = findings.filter(({ level }) => level === "mandatory").map(({ policy }) => policy);
    return [standing, kind, name, ...mandatory].join(" ");
  });
}

describe("a file", () => {
  test.each([
    ["a trust policy", OPEN_TRUST, ["open role file iam-role-requires-mfa"]],
    ["a guard", GUARD, ["protected policy file"]],
    ["a guard that lets access keys through", LEAKY, ["open policy file iam-group-requires-mfa"]],
    ["the output of aws iam get-role", `{"Role": ${ROLE}}`, ["open role deploy iam-role-requires-mfa"]],
    ["the output of aws iam list-roles", `{"Roles": [${ROLE}]}`, ["open role deploy iam-role-requires-mfa"]],
    [
      "the output of aws iam get-policy-version",
      `{"PolicyVersion": {"Document": ${JSON.stringify(parse(GUARD))}, "VersionId": "v1"}}`,
      ["protected policy file"],
    ],
    [
      "a Terraform state",
      `{"format_version": "1.0", "terraform_version": "1.9.8", "values": {"root_module": {"resources": [${IN_STATE}]}}}`,
      ["open role deploy iam-role-requires-mfa"],
    ],
    [
      "a Pulumi stack export",
      `{"version": 3, "deployment": {"resources": [${IN_EXPORT}]}}`,
      ["open role deploy iam-role-requires-mfa"],
    ],
    [
      "a trust policy and other keys beside its statements",
      OPEN_TRUST.replace("{", `{"format_version":"1.0","values":{},"Role":${ROLE},`),
      ["unknown role file iam-role-requires-mfa"],
    ],
    ["an identity policy that is not a guard", PERMISSIONS, ["unknown policy file"]],
    [
      "a CloudFormation template",
      TEMPLATE,
      [
        "open role Deploy iam-role-requires-mfa",
        "open group Staff iam-group-requires-mfa",
        "unknown template file",
      ],
    ],
  ])("with %s is recognized by its content", (_, text, expected) => {
    expect(stands(text)).toEqual(expected);
  });

  test.each([
    ["a bucket policy", BUCKET, false],
    ["other JSON", '{"a": 1}', false],
    ["a list of policies", `[${OPEN_TRUST}]`, true],
    ["the same role twice", `{"Roles": [${ROLE}, ${ROLE}]}`, true],
    ["a list of roles and something else", `{"Roles": [${ROLE}, "x"]}`, true],
    ["a truncated credential report", 'user,arn,password_enabled\n"ali', true],
    ["a Terraform state with 20,000 nested modules", deepState(20_000), true],
    ["a damaged Pulumi stack export", '{"version": 3, "deployment": {"resources": [1]}}', true],
    ["a Terraform state from before 0.12", '{"version": 3, "terraform_version": "0.11.14"}', true],
    ["the details of two accounts", TWO_ACCOUNTS, true],
    ["the CDK's construct tree", `{"version": "tree-0.1", "tree": {"a": ${OPEN_TRUST}}}`, false],
    ["broken JSON", '{"Statement": [}', undefined],
    ["a YAML alias bomb", ALIAS_BOMB, undefined],
    ["a duplicate key", '{"Statement": [], "Statement": []}', undefined],
    [
      "a duplicate key in AWS CLI output",
      "PolicyName: a\nPolicyDocument: {Statement: [], Statement: []}",
      undefined,
    ],
  ])("with %s is not evaluated", (_, text, isRelevant) => {
    expect(recognize(text, "some/file")).toMatchObject({ kind: "unread", isRelevant });
  });

  test("with a template is evaluated for the account and region that are given", () => {
    const pattern = "arn:aws:iam::111122223333:role/ci";
    const settings = settingsFrom({ "iam-role-requires-mfa": { trustedPrincipalArns: [pattern] } }, "");
    const text = TEMPLATE.replace(
      '"AWS":"111122223333"',
      '"AWS":{"Fn::Join":[":",["arn",{"Ref":"AWS::Partition"},"iam","",{"Ref":"AWS::AccountId"},"role/ci"]]}',
    );
    const standing = (deployed: Deployed) => {
      const { subjects } = evaluateInput(inputIn(text, "some/file", deployed), settings, new Date());
      return subjects.find(({ name }) => name === "Deploy")?.standing;
    };
    expect(standing({})).toBe("unknown");
    expect(standing({ account: "111122223333", region: "us-east-1" })).toBe("exempt");
    expect(standing({ account: "444455556666", region: "us-east-1" })).toBe("open");
  });

  test("with a policy that AWS would reject is reported, since it may be meant as a guard", () => {
    const { trouble } = inputIn(GUARD.replace("Effect", "Efect"), "guard.yaml");
    expect(trouble?.problem).toContain("not a policy");
  });

  test("with a trust policy and empty Resources is not a template", () => {
    expect(stands(OPEN_TRUST.replace("{", '{"Resources":{},'))).toEqual([
      "unknown role file iam-role-requires-mfa",
    ]);
  });

  test("with a trust policy that AWS would reject is unknown, with a finding", () => {
    expect(stands(OPEN_TRUST.replace("Allow", "Alow"))).toEqual(["unknown role file iam-role-requires-mfa"]);
  });
});

describe("a folder", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "aws-mfa-files-"));
    for (const [path, text] of Object.entries({
      "roles/deploy.json": OPEN_TRUST,
      "roles/notes.txt": OPEN_TRUST,
      "groups/guard.yaml": GUARD,
      "package.json": '{"name": "x"}',
      "chart.yaml": "a: {{ .Values.b }",
      "broken.json": '{"Statement": [}',
      "printed/get-role.json": `{"Role": {"AssumeRolePolicyDocument": ${OPEN_TRUST}}}`,
      "printed/list.json": `[${OPEN_TRUST}]`,
      "printed/text.json": JSON.stringify([{ name: "deploy", policy: OPEN_TRUST, note: "Statement {" }]),
      "printed/bucket.json": BUCKET,
      "printed/with-resource.json": OPEN_TRUST.replace('"Action"', '"Resource":"*","Action"'),
      "printed/rcp.json": OPEN_TRUST.replace("Allow", "Deny").replace('"Action"', '"Resource":"*","Action"'),
      "printed/stack.json": `{"version": 3, "deployment": {"resources": [{"type": "aws:iam/role:Role"}]}}`,
      "terraform/main.tf": 'resource "aws_iam_role" "deploy" { assume_role_policy = local.trust }',
      "terraform/outputs.tf": 'output "id" { value = aws_s3_bucket.logs.id }',
      "terraform/trust.tpl": '{"Statement": %{ for each in all }',
      "terraform/cdk.tf.json": '{"resource": {"aws_iam_role": {"deploy": {"assume_role_policy": "{}"}}}}',
      "terraform/_helpers.tpl": "{{/* The Statement of this chart */}}",
      "cut/plan.json":
        '{"format_version": "1.2", "planned_values": {"root_module": {"resources": [{"type": "aws_iam_role"',
      "cut/details.json": '{"RoleDetailList": [{"RoleName": "deploy"',
      "cut/terraform.tfstate": '{"version": 4, "resources": [',
      "without-extension": OPEN_TRUST,
      LICENSE: "Statement of Purpose: the laws of most jurisdictions",
      "bank.csv": "Statement,Amount\nMay,1",
      Makefile: "all:",
      "nothing/readme.json": "{}",
      "node_modules/x/deploy.json": OPEN_TRUST,
      ".git/deploy.json": OPEN_TRUST,
    })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    await writeFile(join(folder, "roles/powershell.json"), Buffer.from(`\uFEFF${OPEN_TRUST}`, "utf16le"));
    await symlink("deploy.json", join(folder, "roles/link.json"));
    await symlink("nowhere.json", join(folder, "roles/dangling.json"));
    await symlink("..", join(folder, "roles/loop"));
    await symlink("..", join(folder, "roles/loop.json"));
    await execa("mkfifo", [join(folder, "roles/pipe.json"), join(folder, "roles/pipe")]);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("is searched for policies, and files that may be one but cannot be read are reported", async () => {
    const sources = await inputsBelow(folder);
    expect(
      sources.map(({ name, trouble }) => [name.slice(folder.length + 1), trouble !== undefined]),
    ).toEqual([
      ["broken.json", true],
      ["cut/details.json", true],
      ["cut/plan.json", true],
      ["cut/terraform.tfstate", true],
      ["groups/guard.yaml", false],
      ["printed/get-role.json", false],
      ["printed/list.json", true],
      ["printed/stack.json", true],
      ["printed/text.json", true],
      ["printed/with-resource.json", true],
      ["roles/dangling.json", true],
      ["roles/deploy.json", false],
      ["roles/link.json", false],
      ["roles/pipe.json", true],
      ["roles/powershell.json", false],
      ["terraform/cdk.tf.json", true],
      ["terraform/main.tf", true],
      ["terraform/trust.tpl", true],
      ["without-extension", false],
    ]);
  });

  test("without a policy document or a template is reported", async () => {
    const [source] = await inputsBelow(join(folder, "nothing"));
    expect(source?.trouble?.problem).toBe("It contains no policy document and no template.");
    expect(source?.trouble?.notLookedAt).toEqual({ folders: 1 });
  });

  test.each([
    [
      "broken.json",
      "It cannot be read: line 1: found text that is neither JSON nor YAML.",
      "Expected one of the two.",
    ],
    [
      "printed/list.json",
      "It is neither a template nor a policy document, though it holds policy documents.",
      expect.stringContaining("a Terraform plan or state"),
    ],
  ])("reports what is wrong with %s in it, and what is expected", async (name, problem, remedy) => {
    const [source] = await inputsBelow(join(folder, name));
    expect(source?.trouble).toEqual({ problem, remedy });
  });

  test("is read without waiting for a named pipe in it", async () => {
    const sources = await inputsBelow(join(folder, "roles"));
    const problems = sources.flatMap(({ name, trouble }) =>
      trouble ? [[basename(name), trouble.problem]] : [],
    );
    expect(problems).toEqual([
      ["dangling.json", "It cannot be read: ENOENT."],
      ["pipe.json", "It is a pipe, not a file."],
    ]);
  });

  test("reports an unrelated file if the file itself is given", async () => {
    const [source] = await inputsBelow(join(folder, "package.json"));
    expect(source?.trouble?.problem).toBe("It is neither a template nor a policy document.");
  });
});
