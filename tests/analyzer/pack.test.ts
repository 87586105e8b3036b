import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { propertiesOf as configurationOf } from "../../policy-pack/evaluation/rule";
import { propertiesOf, RESOURCE_TYPES } from "../../policy-pack/iam-graph/resource-types";
import { iam, UNKNOWN_TEXT } from "../../policy-pack/rules/example";
import { ABOUT, RULES } from "../../policy-pack/rules/registry";
import { type Analyzed, PACK_FOLDER, RunningPack, secret } from "./pack";

let pack: RunningPack;
beforeAll(async () => {
  pack = await RunningPack.start(PACK_FOLDER);
  await pack.configure({});
});
afterAll(() => pack.stop());

describe("the pack", () => {
  test("reports its name, README and each policy's level, configuration, texts, severity, tags and AWS document", async () => {
    const info = await pack.info();
    expect(info.getName()).toBe("aws-mfa");
    expect(info.getReadme()).toContain("# ");
    // Only a release has one.
    expect(info.getRepository()).toBe("");
    const policies = info.getPoliciesList().map((policy) => policy.toObject());
    expect(
      policies.map(({ name, enforcementlevel }) => [name, enforcementlevel === 1 ? "mandatory" : "advisory"]),
    ).toEqual(ABOUT.map(({ name, level }) => [name, level]));
    expect(
      info.getPoliciesList().map((policy) => policy.getConfigschema()?.getProperties()?.toJavaScript()),
    ).toEqual(ABOUT.map(configurationOf));
    for (const policy of policies) {
      expect(policy.displayname).not.toBe("");
      expect(policy.description).toMatch(/\.$/);
      expect(policy.remediationSteps).toMatch(/\.$/);
      expect(policy.severity).toBeGreaterThan(0);
      expect(policy.tagsList).toContain("aws");
      expect(policy.url).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    }
  });
});

describe("for any input", () => {
  const word = fc.oneof(
    fc.constantFrom<unknown>(
      "*",
      "",
      "{",
      "[]",
      "null",
      UNKNOWN_TEXT,
      '{"Statement": {}}',
      "Resources: {A: {Type: AWS::IAM::Role}}",
      "arn:aws:iam::aws:policy/X",
    ),
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  );
  const value = fc.oneof(
    word,
    fc.array(word, { maxLength: 3 }),
    fc.jsonValue({ maxDepth: 3 }),
    word.map(secret),
  );
  const resource = fc
    .constantFrom(...RESOURCE_TYPES)
    .chain(([type, row]) =>
      fc
        .dictionary(fc.constantFrom(...propertiesOf(row)), value)
        .map((props): Analyzed => ({ type, name: "any", props })),
    );

  test("the pack analyzes and remediates one resource without an error", async () => {
    await pack.configure({ "iam-role-requires-mfa": { enforcementLevel: "remediate" } });
    await fc.assert(
      fc.asyncProperty(resource, async (any) => {
        await pack.analyze(any);
        await pack.remediate(any);
      }),
      { numRuns: 500 },
    );
    await pack.configure({});
  });

  test("the pack analyzes a stack without an error, and in reverse order with the same result", async () => {
    const stack = fc.array(resource, { maxLength: 8 }).map((all) =>
      all.map((each, index): Analyzed => {
        const names = all.map((_, at) => `any-${at}`);
        return {
          ...each,
          name: `any-${index}`,
          dependencies: { group: names, groups: names, user: names, policyArn: names },
        };
      }),
    );
    await fc.assert(
      fc.asyncProperty(stack, async (all) => {
        const said = await pack.analyzeStack(all);
        for (const { message } of said) expect(message).not.toContain("because of an error in");
        expect(await pack.analyzeStack([...all].reverse())).toEqual(said);
      }),
      { numRuns: 300 },
    );
  });

  test("a configuration is rejected as a whole or applied as a whole", async () => {
    const role = iam("Role", "any", { assumeRolePolicy: "{}" });
    const group = iam("Group", "group", { name: "group" });
    const keys = [
      "principals",
      "trustedPrincipalArns",
      "peopleArns",
      "exemptions",
      "unknown",
      "maxMfaAgeSeconds",
      "allowedWithoutMfa",
      "guardPolicyArns",
      "x",
    ];
    const config = fc.dictionary(fc.constantFrom(...keys), fc.jsonValue({ maxDepth: 3 }));
    await fc.assert(
      fc.asyncProperty(config, async (any) => {
        const refused = await refusalOf({ "iam-role-requires-mfa": any, "iam-group-requires-mfa": any });
        if (refused !== undefined) {
          expect(refused).toContain("is invalid");
          return;
        }
        expect((await pack.analyze(role)).length).toBeGreaterThan(0);
        expect((await pack.analyzeStack([group])).length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});

type Configuration = Parameters<RunningPack["configure"]>[0];

async function refusalOf(configuration: Configuration): Promise<string | undefined> {
  try {
    await pack.configure(configuration);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

describe("the pack rejects a configuration with", () => {
  test.each<[string, Configuration, string]>([
    [
      "a misspelled policy name",
      { "iam-role-requries-mfa": { enforcementLevel: "advisory" } },
      'iam-role-requries-mfa: this pack has no such policy; did you mean "iam-role-requires-mfa"?',
    ],
    [
      "a misspelled key",
      { "iam-group-requires-mfa": { exemption: [] } },
      'exemption: unknown key; did you mean "exemptions"?',
    ],
    [
      "a misspelled enforcementLevel",
      { "iam-role-requires-mfa": { enforcmentLevel: "advisory" } },
      'enforcmentLevel: unknown key; did you mean "enforcementLevel"?',
    ],
    [
      "more than the level for all policies",
      { all: { enforcementLevel: "mandatory", unknown: "reject" } },
      'all: expected only "enforcementLevel", got "unknown"',
    ],
    [
      "exemptions from the notes",
      { "iam-mfa-notes": { exemptions: [{ name: "*", reason: "noise" }] } },
      "exemptions: unknown key",
    ],
  ])("%s", async (_, configuration, said) => {
    expect(await refusalOf(configuration)).toContain(said);
  });

  test("several errors, all reported at once, with where to correct them", async () => {
    const said = await refusalOf({
      "iam-rolle-requires-mfa": {},
      "iam-role-requires-mfa": { unknwon: "reject" },
      "iam-group-requires-mfa": { guardPolicyArn: [] },
    });
    for (const part of ["iam-rolle-requires-mfa", "unknwon", "guardPolicyArn", "--policy-pack-config"]) {
      expect(said).toContain(part);
    }
  });
});

describe("enforcement", () => {
  const open = iam("Role", "deploy", {
    assumeRolePolicy: JSON.stringify({
      Statement: [{ Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "sts:AssumeRole" }],
    }),
  });
  afterAll(() => pack.configure({}));

  test.each(["mandatory", "remediate"])(
    "with %s for all policies, the notes stay advisory, so a used exemption fails no preview",
    async (enforcementLevel) => {
      const exemptions = [{ name: "deploy", reason: "goes in spring" }];
      await pack.configure({ all: { enforcementLevel }, "iam-role-requires-mfa": { exemptions } });
      expect(await pack.analyze(open)).toEqual([]);
      const [note, ...more] = await pack.analyzeStack([open]);
      expect(note).toMatchObject({ policy: "iam-mfa-notes", level: "advisory" });
      expect(more).toEqual([]);
    },
  );

  test("a disabled policy reports nothing and does not count as passed", async () => {
    await pack.configure({});
    expect(await pack.notApplicable(open)).not.toContain("iam-role-requires-mfa");
    await pack.configure({ "iam-role-requires-mfa": { enforcementLevel: "disabled" } });
    expect(await pack.analyze(open)).toEqual([]);
    expect(await pack.notApplicable(open)).toContain("iam-role-requires-mfa");
  });

  test("a policy that is not about a resource does not count as passed for it", async () => {
    await pack.configure({});
    const bucket: Analyzed = { type: "aws:s3/bucket:Bucket", name: "logs", props: {} };
    const perResource = RULES.filter(({ scope }) => scope === "resource");
    expect(await pack.notApplicable(bucket)).toEqual(perResource.map(({ about }) => about.name));
  });
});
