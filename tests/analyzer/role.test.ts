import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ACCOUNT, iam, policyText, UNKNOWN_TEXT, WITH_MFA } from "../../policy-pack/rules/example";
import { type Analyzed, PACK_FOLDER, RunningPack, secret } from "./pack";

const POLICY = "iam-role-requires-mfa";
const ALLOW = { Effect: "Allow", Principal: ACCOUNT, Action: "sts:AssumeRole" };
const EC2 = { Service: "ec2.amazonaws.com" };

let pack: RunningPack;
beforeAll(async () => {
  pack = await RunningPack.start(PACK_FOLDER);
});
beforeEach(() => pack.configure({}));
afterAll(() => pack.stop());

function role(assumeRolePolicy: unknown, name = "deploy"): Analyzed {
  return iam("Role", name, { name, assumeRolePolicy });
}

describe("a trust policy", () => {
  test("given as an object by an aws-native role is evaluated", async () => {
    const open: Analyzed = {
      type: "aws-native:iam:Role",
      name: "deploy",
      props: { assumeRolePolicyDocument: JSON.parse(policyText(ALLOW)) },
    };
    expect(await pack.analyze(open)).toMatchObject([{ policy: POLICY, level: "mandatory" }]);
    const closed = {
      ...open,
      props: { assumeRolePolicyDocument: JSON.parse(policyText({ ...ALLOW, Condition: WITH_MFA })) },
    };
    expect(await pack.analyze(closed)).toEqual([]);
  });

  test("that is secret is evaluated, and no value of it is shown", async () => {
    const condition = { StringEquals: { "sts:ExternalId": "correct-horse-battery" } };
    const [said, ...more] = await pack.analyze(role(secret(policyText({ ...ALLOW, Condition: condition }))));
    expect(more).toEqual([]);
    expect(said?.message).toContain("Statement[0]");
    expect(said?.message).not.toContain("correct-horse-battery");
  });

  test("that is unknown during a preview is noted once, at the end", async () => {
    const unknown = role(UNKNOWN_TEXT);
    expect(await pack.analyze(unknown)).toEqual([]);
    const said = await pack.analyzeStack([unknown]);
    expect(said).toMatchObject([{ policy: "iam-mfa-notes", level: "advisory", about: "deploy" }]);
    // At the update the value is known, and the note is gone.
    const known = role(policyText({ ...ALLOW, Condition: WITH_MFA }));
    await pack.analyze(known);
    expect(await pack.analyzeStack([known])).toEqual([]);
  });

  test('that is unknown is rejected if unknown is "reject"', async () => {
    await pack.configure({ [POLICY]: { unknown: "reject" } });
    expect(await pack.analyze(role(UNKNOWN_TEXT))).toMatchObject([{ policy: POLICY, level: "mandatory" }]);
  });

  test("with an unknown principal in an aws-native role is evaluated in every statement", async () => {
    const document = {
      Version: "2012-10-17",
      Statement: [ALLOW, { ...ALLOW, Principal: { AWS: UNKNOWN_TEXT } }],
    };
    const [said] = await pack.analyze({
      type: "aws-native:iam:Role",
      name: "deploy",
      props: { assumeRolePolicyDocument: document },
    });
    expect(said?.message).toContain("Statement[0]");
    expect(said?.message).toContain("Statement[1]");
  });
});

describe("an exemption", () => {
  test("that is used is reported with its reason", async () => {
    await pack.configure({
      [POLICY]: { exemptions: [{ name: "dep*", reason: "a machine, see the runbook" }] },
    });
    const open = role(policyText(ALLOW));
    expect(await pack.analyze(open)).toEqual([]);
    const [said] = await pack.analyzeStack([open]);
    expect(said).toMatchObject({ policy: "iam-mfa-notes", about: "deploy" });
    expect(said?.message).toContain("a machine, see the runbook");
  });

  test("does not match a part of a name", async () => {
    await pack.configure({ [POLICY]: { exemptions: [{ name: "dep", reason: "too short" }] } });
    expect(await pack.analyze(role(policyText(ALLOW)))).toHaveLength(1);
  });
});

describe("configuration", () => {
  test.each<[Record<string, unknown>, string]>([
    [{ principal: {} }, 'principal: unknown key; did you mean "principals"?'],
    [{ principals: { services: "exempt" } }, 'principals.services: unknown key; did you mean "service"?'],
    [{ principals: { role: "ignore" } }, 'principals.role: expected "enforce" or "exempt", got "ignore"'],
    [{ exemptions: [{ name: "x" }] }, "exemptions[0].reason: is missing"],
    [
      { exemptions: [{ name: "x", reason: " " }] },
      "exemptions[0].reason: expected a string that is not empty",
    ],
    [
      { exemptions: [{ name: "x", reason: "y", expires: "2030-13-01" }] },
      "exemptions[0].expires: expected a date",
    ],
    [{ maxMfaAgeSeconds: 1.5 }, "maxMfaAgeSeconds: expected an integer of at least 1, got number 1.5"],
  ])("%j is rejected with the reason", async (config, reason) => {
    await expect(pack.configure({ [POLICY]: config })).rejects.toThrow(reason);
  });
});

describe("remediation", () => {
  const REMEDIATE = { enforcementLevel: "remediate", peopleArns: ["arn:aws:iam::111122223333:user/*"] };
  beforeEach(() => pack.configure({ [POLICY]: REMEDIATE }));

  async function remediated(document: unknown): Promise<unknown> {
    const props = await pack.remediate(role(document));
    const written = props?.assumeRolePolicy;
    return typeof written === "string" ? JSON.parse(written) : written;
  }

  test("adds the condition and changes nothing else", async () => {
    const condition = { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } };
    expect(await remediated(policyText({ ...ALLOW, Sid: "Staff", Condition: condition }))).toEqual({
      Version: "2012-10-17",
      Statement: [{ ...ALLOW, Sid: "Staff", Condition: { ...condition, ...WITH_MFA } }],
    });
  });

  test("splits a mixed statement, so that the service stays trusted", async () => {
    expect(
      await remediated(policyText({ ...ALLOW, Sid: "Both", Principal: { ...ACCOUNT, ...EC2 } })),
    ).toEqual({
      Version: "2012-10-17",
      Statement: [
        { ...ALLOW, Sid: "Both", Principal: EC2 },
        { ...ALLOW, Principal: ACCOUNT, Condition: WITH_MFA },
      ],
    });
  });

  test("keeps a secret document secret", async () => {
    expect(await remediated(secret(policyText(ALLOW)))).toEqual(
      secret(policyText({ ...ALLOW, Condition: WITH_MFA })),
    );
  });

  test("keeps a secret in the document secret, and an unknown value unknown", async () => {
    const others = [
      { ...ALLOW, Effect: "Deny", Condition: { IpAddress: { "aws:SourceIp": secret("203.0.113.7") } } },
      { ...ALLOW, Effect: "Deny", Condition: { StringEquals: { "aws:PrincipalTag/team": UNKNOWN_TEXT } } },
    ];
    const props = await pack.remediate({
      type: "aws-native:iam:Role",
      name: "deploy",
      props: { assumeRolePolicyDocument: { Version: "2012-10-17", Statement: [ALLOW, ...others] } },
    });
    expect(props?.assumeRolePolicyDocument).toEqual({
      Version: "2012-10-17",
      Statement: [{ ...ALLOW, Condition: WITH_MFA }, ...others],
    });
  });

  test("keeps another property unknown", async () => {
    const open = role(policyText(ALLOW));
    const props = await pack.remediate({ ...open, props: { ...open.props, description: UNKNOWN_TEXT } });
    expect(props).toMatchObject({ description: UNKNOWN_TEXT });
  });

  test("leaves a protected role, an unknown one and an exempt one unchanged", async () => {
    expect(await pack.remediate(role(policyText({ ...ALLOW, Condition: WITH_MFA })))).toBeUndefined();
    expect(await pack.remediate(role(UNKNOWN_TEXT))).toBeUndefined();
    await pack.configure({
      [POLICY]: { ...REMEDIATE, exemptions: [{ name: "deploy", reason: "a machine" }] },
    });
    expect(await pack.remediate(role(policyText(ALLOW)))).toBeUndefined();
  });

  test.each<[string, object, string]>([
    ["a role", { AWS: "arn:aws:iam::111122223333:role/build" }, "an MFA condition is not a fix for"],
    ["another account", { AWS: "444455556666" }, 'add "arn:aws:iam::444455556666:user/*"'],
  ])(
    "would lock out %s, so the document is unchanged and rejected with the reason",
    async (_, principal, reason) => {
      const machine = role(policyText({ ...ALLOW, Principal: principal }));
      expect(await pack.remediate(machine)).toBeUndefined();
      const [said] = await pack.analyze(machine);
      expect(said).toMatchObject({ level: "mandatory" });
      expect(said?.message).toContain("Not remediated: ");
      expect(said?.message).toContain(reason);
    },
  );

  test("changes nothing without peopleArns, and the message says what to add", async () => {
    await pack.configure({ [POLICY]: { enforcementLevel: "remediate" } });
    expect(await pack.remediate(role(policyText(ALLOW)))).toBeUndefined();
    const [said] = await pack.analyze(role(policyText(ALLOW)));
    expect(said?.message).toContain('add "arn:aws:iam::111122223333:user/*"');
  });
});
