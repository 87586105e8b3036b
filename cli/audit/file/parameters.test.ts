import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { evaluateInput } from "../evaluate";
import { inputIn } from "../sample/documents";
import { defaultSettings } from "../settings";
import { parametersIn } from "./parameters";

/** A role that asks for MFA where `Mfa` says so; `Who` may be anybody. */
const template = (noEcho = false) =>
  JSON.stringify({
    Parameters: {
      Mfa: { Type: "String", Default: "true", NoEcho: noEcho },
      Who: { Type: "String", Default: "arn:aws:iam::111122223333:user/alice" },
    },
    Resources: {
      Deploy: {
        Type: "AWS::IAM::Role",
        Properties: {
          AssumeRolePolicyDocument: {
            Version: "2012-10-17",
            Statement: {
              Effect: "Allow",
              Principal: { AWS: { Ref: "Who" } },
              Action: "sts:AssumeRole",
              Condition: { Bool: { "aws:MultiFactorAuthPresent": { Ref: "Mfa" } } },
            },
          },
        },
      },
    },
  });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aws-mfa-parameters-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(content: unknown): Promise<string> {
  const path = join(folder, "parameters.json");
  await writeFile(path, JSON.stringify(content));
  return path;
}

async function standing(given: readonly string[], text = template(), path = "People.template.json") {
  const parameters = await parametersIn(given);
  const { subjects } = evaluateInput(inputIn(text, path, { parameters }), defaultSettings(), new Date());
  return subjects.map((subject) => subject.standing).join();
}

test.each<[string, readonly string[], string]>([
  ["are unknown if none is set", [], "unknown"],
  ["are set by NAME=VALUE", ["Mfa=false"], "open"],
  ["have their defaults if another one is set", ["Who=arn:aws:iam::111122223333:user/bob"], "protected"],
  ["have the last of two values", ["Mfa=false", "Mfa=true"], "protected"],
  ["are set by STACK:NAME=VALUE for its stack", ["People:Mfa=false"], "open"],
  ["are not set by STACK:NAME=VALUE for another stack", ["Others:Mfa=false"], "unknown"],
])("a template's parameters %s", async (_, given, expected) => {
  expect(await standing(given)).toBe(expected);
});

test.each<[string, unknown, string]>([
  [
    "for aws cloudformation create-stack sets a parameter",
    [{ ParameterKey: "Mfa", ParameterValue: "false" }],
    "open",
  ],
  ["for aws cloudformation deploy sets a parameter", ["Mfa=false"], "open"],
  ["for CodePipeline sets a parameter", { Parameters: { Mfa: "false" } }, "open"],
  ["with a plain object sets a parameter", { Mfa: false }, "open"],
  [
    "with UsePreviousValue leaves a parameter unknown",
    [{ ParameterKey: "Mfa", UsePreviousValue: true }],
    "unknown",
  ],
])("a parameter file %s", async (_, content, expected) => {
  expect(await standing([await fileOf(content)])).toBe(expected);
});

test("a NoEcho parameter stays unknown", async () => {
  expect(await standing(["Mfa=false"], template(true))).toBe("unknown");
});

test("an error names the parameters that no template declares", async () => {
  const parameters = await parametersIn(["Mfa=false", "Mfaa=true", "Others:Who=x"]);
  inputIn(template(), "People.template.json", { parameters });
  expect(() => parameters.assertUsed()).toThrow("--parameters sets Mfaa, Who, which no template declares.");
});

test.each([[1], [{ a: {} }], [["x"]]])(
  "a parameter file with other content is rejected: %j",
  async (content) => {
    await expect(parametersIn([await fileOf(content)])).rejects.toThrow(
      "is not a file of template parameters",
    );
  },
);
