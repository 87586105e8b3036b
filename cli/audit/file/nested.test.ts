import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runPlain } from "../../testing/command";
import { GUARD } from "../sample/documents";

/** What aws-cdk-lib 2 synthesized of a stack with a nested stack in a nested stack; its roles are people's, with and without MFA. */
const CDK = join(__dirname, "..", "sample", "cdk");
const CHILD = "ChildNestedStackChildNestedStackResourceC40294CA";
const GRANDCHILD = `${CHILD}/GrandchildNestedStackGrandchildNestedStackResource53009DE2`;
const CLOSED = [
  "protected group GCEB75847",
  "protected user U05997891",
  ...[CHILD, GRANDCHILD].flatMap((stack) => [
    `exempt role ${stack}/FServiceRole3AC82EE1`,
    `protected role ${stack}/GivenEA18D9CA`,
    `protected role ${stack}/PeopleE38C8D03`,
  ]),
].sort();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "aws-mfa-nested-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function audited(...args: readonly string[]) {
  const { code, stdout } = await runPlain(["audit", "--format", "json", ...args], {
    env: { PATH: process.env.PATH ?? "" },
    cwd: folder,
  });
  const { places } = JSON.parse(stdout);
  const files: readonly string[] = places.map(({ name }: { name: string }) => name);
  const subjects: readonly string[] = places
    .flatMap((place: { subjects: unknown }) => place.subjects)
    .map(({ standing, kind, name }: Record<string, string>) => `${standing} ${kind} ${name}`)
    .sort();
  return { code, files, subjects };
}

describe("a CDK assembly with nested stacks", () => {
  test("passes if nothing is open, and is evaluated with each nested template once, in its stack", async () => {
    await cp(join(CDK, "closed"), join(folder, "cdk.out"), { recursive: true });
    expect(await audited("cdk.out")).toEqual({
      code: 0,
      files: ["cdk.out/Main.template.json"],
      subjects: CLOSED,
    });
  });

  test("gives the same result if each template is named", async () => {
    await cp(join(CDK, "closed"), folder, { recursive: true });
    const files = ["MainChild91F434CF.nested.template.json", "Main.template.json"];
    expect(await audited(...files)).toEqual({ code: 0, files: ["Main.template.json"], subjects: CLOSED });
  });

  test("shows the nested stack of each open role in its name", async () => {
    await cp(join(CDK, "open"), folder, { recursive: true });
    const { code, subjects } = await audited(".");
    expect(code).toBe(1);
    expect(subjects.filter((each) => each.startsWith("open"))).toEqual([
      `open role ${GRANDCHILD}/PeopleE38C8D03`,
      `open role ${CHILD}/PeopleE38C8D03`,
    ]);
  });

  test("is unknown without its asset manifest", async () => {
    await cp(join(CDK, "closed"), folder, { recursive: true });
    await rm(join(folder, "Main.assets.json"));
    expect((await audited(".")).subjects).toContain("unknown template Main.template.json");
  });

  test("is also resolved by the metadata that the CDK CLI adds", async () => {
    await cp(join(CDK, "closed"), folder, { recursive: true });
    await rm(join(folder, "Main.assets.json"));
    const path = join(folder, "MainChild91F434CF.nested.template.json");
    const template = JSON.parse(await readFile(path, "utf8"));
    Object.values<Record<string, unknown>>(template.Resources)
      .filter(({ Type }) => Type === "AWS::CloudFormation::Stack")
      .forEach((each) => {
        each.Metadata = {
          "aws:asset:path": "MainChildGrandchildBDFB8942.nested.template.json",
          "aws:asset:property": "TemplateURL",
        };
      });
    await writeFile(path, JSON.stringify(template));
    expect((await audited("MainChild91F434CF.nested.template.json")).subjects).toEqual(
      expect.not.arrayContaining([expect.stringContaining("template")]),
    );
  });
});

describe("a template that names the files of its nested stacks", () => {
  const ROLE = `
Parameters: {Who: {Type: String}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: !Ref Who}, Action: sts:AssumeRole}
`;
  const parent = (url: string) => `
Resources:
  Nested:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ${url}, Parameters: {Who: ec2.amazonaws.com}}
`;

  test("includes them with the parameters that it sets", async () => {
    await mkdir(join(folder, "parts"));
    await writeFile(join(folder, "parts", "role.yaml"), ROLE);
    await writeFile(join(folder, "main.yaml"), parent("./parts/role.yaml"));
    expect(await audited(".")).toEqual({
      code: 0,
      files: ["main.yaml"],
      subjects: ["exempt role Nested/Role"],
    });
  });

  test("resolves names in each nested stack separately, even if its parent uses the same ones", async () => {
    const middle = `
Parameters: {Who: {Type: String}}
Conditions: {Never: !Equals [a, b]}
Resources:
  Gone: {Type: AWS::IAM::Role, Condition: Never}
  People: {Type: AWS::IAM::Group, Properties: {ManagedPolicyArns: [!Ref Guard]}}
  Guard: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: ${GUARD}}}
  Nested:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: role.yaml, Parameters: {Who: !Ref Who}}
`;
    const main = `
Resources:
  Guard: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}}}}
  Middle:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: middle.yaml, Parameters: {Who: ec2.amazonaws.com}}
`;
    await writeFile(join(folder, "role.yaml"), ROLE);
    await writeFile(join(folder, "middle.yaml"), middle);
    await writeFile(join(folder, "main.yaml"), main);
    expect((await audited(".")).subjects).toEqual([
      "exempt role Guard",
      "exempt role Middle/Nested/Role",
      "protected group Middle/People",
    ]);
  });

  test("leaves the file of a stack that is never created to be evaluated on its own", async () => {
    const middle = `${parent("role.yaml")}  Team: {Type: AWS::IAM::Group}\n`;
    const gone = `${parent("middle.yaml")}    Condition: Never\nConditions: {Never: !Equals [a, b]}\n`;
    await writeFile(join(folder, "role.yaml"), ROLE);
    await writeFile(join(folder, "middle.yaml"), middle);
    await writeFile(join(folder, "main.yaml"), gone);
    expect(await audited(".")).toEqual({
      code: 1,
      files: ["main.yaml", "middle.yaml"],
      subjects: ["exempt role Nested/Role", "open group Team"],
    });
    expect(await audited("main.yaml")).toEqual({ code: 0, files: ["main.yaml"], subjects: [] });
    await writeFile(join(folder, "main.yaml"), gone.replace("[a, b]", "[!Ref AWS::Region, b]"));
    expect((await audited(".")).files).toEqual(["main.yaml"]);
  });

  test("may be larger together with its nested stacks than one template may be", async () => {
    const filler = JSON.stringify("x".repeat(400_000));
    const names = ["a", "b", "c"];
    for (const name of names)
      await writeFile(join(folder, `${name}.yaml`), `Description: ${filler}\n${ROLE}`);
    const stacks = names.map(
      (name) =>
        `  ${name}: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ${name}.yaml, Parameters: {Who: ec2.amazonaws.com}}}`,
    );
    await writeFile(join(folder, "main.yaml"), ["Resources:", ...stacks].join("\n"));
    expect(await audited("main.yaml")).toMatchObject({
      code: 0,
      subjects: names.map((name) => `exempt role ${name}/Role`),
    });
  });

  test("is unknown if its nested stacks multiply beyond the limit", async () => {
    const wide = (url: string) =>
      [
        "Resources:",
        ...Array.from(
          { length: 100 },
          (_, at) => `  S${at}: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ${url}}}`,
        ),
      ].join("\n");
    for (let at = 0; at < 9; at += 1) await writeFile(join(folder, `${at}.yaml`), wide(`${at + 1}.yaml`));
    await writeFile(join(folder, "9.yaml"), ROLE);
    expect((await audited("0.yaml")).subjects).toContain("unknown template 0.yaml");
  });

  test.each(["./main.yaml", "main.yaml"])("is partly unknown if it nests itself, as %s", async (path) => {
    await writeFile(join(folder, "main.yaml"), `${parent("main.yaml")}  Role: {Type: AWS::IAM::Group}\n`);
    expect((await audited(path)).subjects).toEqual(["open group Role", "unknown template main.yaml"]);
  });

  test("is unknown, without waiting, if a nested file is a named pipe", async () => {
    await execa("mkfifo", [join(folder, "pipe.yaml"), join(folder, "pipe.assets.json")]);
    await writeFile(join(folder, "main.yaml"), parent("pipe.yaml"));
    await writeFile(join(folder, "cdk.yaml"), parent("https://example.com/pipe.json"));
    expect((await audited("main.yaml", "cdk.yaml")).subjects).toEqual([
      "unknown template cdk.yaml",
      "unknown template main.yaml",
    ]);
  });

  test.each([
    ["does not exist", "missing.yaml"],
    ["is outside the template's folder", "../role.yaml"],
    ["is the template itself", "main.yaml"],
    ["is a URL", "https://example.com/main.yaml"],
  ])("is unknown if the nested file %s", async (_, url) => {
    await mkdir(join(folder, "inside"));
    await writeFile(join(folder, "role.yaml"), ROLE);
    await writeFile(join(folder, "inside", "main.yaml"), parent(url));
    expect((await audited("inside")).subjects).toEqual(["unknown template main.yaml"]);
    const { stdout } = await runPlain(["audit", join(folder, "inside")], {
      env: { PATH: process.env.PATH ?? "" },
    });
    expect(stdout).toMatch(/\nNot looked at: part of 1 template\.$/);
  });

  test("is unknown if it and its nested file nest each other", async () => {
    await writeFile(join(folder, "a.yaml"), parent("b.yaml"));
    await writeFile(join(folder, "b.yaml"), parent("a.yaml"));
    const { subjects } = await audited("a.yaml", "b.yaml");
    expect(subjects).toContainEqual(expect.stringMatching(/^unknown template/));
  });
});
