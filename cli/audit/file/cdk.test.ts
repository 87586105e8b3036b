import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { evaluateInput } from "../evaluate";
import { defaultSettings } from "../settings";
import { readPath } from "./files";

/** What aws-cdk-lib 2 synthesized: the templates and the lists of assets, an assembly in each folder. */
const CDK = join(__dirname, "..", "sample", "cdk");

/** The standing of each subject, with its name and file. */
async function standingsIn(assembly: string) {
  const sources = await readPath(join(CDK, assembly));
  return sources.flatMap((source) => {
    if (source.kind === "page") throw new Error("a template is no page");
    const file = relative(join(CDK, assembly), source.name).split(/[\\/]/).join("/");
    const { subjects } = evaluateInput(source, defaultSettings(), new Date());
    return subjects.map(({ standing, name }) => `${standing} ${name.replace(/[0-9A-F]{8}$/, "")} in ${file}`);
  });
}

test.each<[string, readonly string[]]>([
  [
    "stage",
    [
      "protected People in assembly-Prod/ProdAppB2A2DCC5.template.json",
      "open People in assembly-Test/TestApp6F701929.template.json",
    ],
  ],
  ["parameters", ["open Vendor in App.template.json"]],
  ["organization", ["open People in Organization.template.json"]],
  [
    "guarded",
    [
      "open Open in App.template.json",
      "protected Alice in App.template.json",
      "protected People in App.template.json",
    ],
  ],
  [
    "cross-stack",
    [
      "unknown People in Teams.template.json",
      "exempt CustomAWSCDKOpenIdConnectProviderCustomResourceProviderRole in Teams.template.json",
      "exempt Deploy in Teams.template.json",
    ],
  ],
])("every subject of the CDK assembly %s is found with its standing", async (assembly, standings) => {
  expect(await standingsIn(assembly)).toEqual(standings);
});
