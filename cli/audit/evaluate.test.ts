import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GROUP_CORPUS, TRUST_CORPUS } from "../../tests/corpus/corpus";
import { guardDocument } from "../../tests/proof/generate/guard";
import { trustDocument } from "../../tests/proof/generate/trust";
import { accountInput } from "./account/account";
import { authorizationIn } from "./account/authorization";
import { evaluateInput } from "./evaluate";
import type { AuditInput } from "./input";
import type { Standing } from "./report";
import { inputIn } from "./sample/documents";
import { defaultSettings } from "./settings";
import { readState } from "./state/state";

const NOW = new Date();
const SETTINGS = defaultSettings();

function standingIn(source: AuditInput): Standing | undefined {
  // A policy with an MFA condition that has no effect is a subject, too.
  return evaluateInput(source, SETTINGS, NOW).subjects.find(({ kind }) => kind !== "policy")?.standing;
}

const state = (...resources: readonly object[]) =>
  readState({ version: 3, deployment: { resources } }, "state.json");
const declared = (type: string, name: string, outputs: object) => ({
  urn: `urn:pulumi:prod::app::${type}::${name}`,
  type,
  outputs,
});

/** The standing of a role with this trust policy: in an account, a state and a file. */
function roleBy(document: unknown) {
  const text = JSON.stringify(document);
  const Arn = "arn:aws:iam::111122223333:role/r";
  const found = authorizationIn({
    RoleDetailList: [{ RoleName: "r", Arn, AssumeRolePolicyDocument: encodeURIComponent(text) }],
  });
  return {
    account: standingIn(accountInput("111122223333", found, undefined)),
    state: standingIn(state(declared("aws:iam/role:Role", "r", { name: "r", assumeRolePolicy: text }))),
    file: standingIn(inputIn(text, "r.json")),
  };
}

const GROUP = "arn:aws:iam::111122223333:group/g";

/** The standing of a group with this policy alone: in an account, a state and a template. */
function groupBy(document: unknown) {
  const text = JSON.stringify(document);
  const found = authorizationIn({
    GroupDetailList: [
      {
        GroupName: "g",
        Arn: GROUP,
        GroupPolicyList: [{ PolicyName: "p", PolicyDocument: encodeURIComponent(text) }],
      },
    ],
  });
  const template = inputIn(
    JSON.stringify({
      Resources: {
        G: {
          Type: "AWS::IAM::Group",
          Properties: { Policies: [{ PolicyName: "p", PolicyDocument: document }] },
        },
      },
    }),
    "g.json",
  );
  return {
    account: standingIn(accountInput("111122223333", found, undefined)),
    state: standingIn(
      state(
        declared("aws:iam/group:Group", "g", { name: "g", arn: GROUP }),
        declared("aws:iam/groupPolicy:GroupPolicy", "p", { name: "p", group: "g", policy: text }),
      ),
    ),
    file: standingIn(template),
  };
}

const alike = (standing: Standing) => ({ account: standing, state: standing, file: standing });

describe("a policy has the same standing in an account, a state and a file", () => {
  test.each(
    TRUST_CORPUS.filter(({ rules }) => rules === undefined).map(
      ({ id, document, verdict }) => [id, document, verdict] as const,
    ),
  )("trust policy %s", (_, document, verdict) => {
    expect(roleBy(document)).toEqual(alike(verdict === "bypassable" ? "open" : verdict));
  });

  test.each(
    GROUP_CORPUS.filter(({ rules }) => rules === undefined).map(
      ({ id, document, verdict }) => [id, document, verdict] as const,
    ),
  )("group policy %s", (_, document, verdict) => {
    expect(groupBy(document)).toEqual(alike(verdict === "guarded" ? "protected" : "open"));
  });

  test("any generated trust policy or guard", () => {
    fc.assert(
      fc.property(trustDocument, (document) => {
        const stands = roleBy(document);
        expect(stands).toEqual(alike(stands.account ?? "unknown"));
      }),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(guardDocument, (document) => {
        const stands = groupBy(document);
        // A file does not say which account it belongs to.
        const isNarrowed = /1111|PrincipalAccount/i.test(JSON.stringify(document));
        const file = isNarrowed ? { file: stands.file } : {};
        expect(stands).toEqual({ ...alike(stands.account ?? "unknown"), ...file });
      }),
      { numRuns: 200 },
    );
  });
});

describe("an unguarded user", () => {
  const arn = "arn:aws:iam::111122223333:user/alice";
  const found = authorizationIn({ UserDetailList: [{ UserName: "alice", Arn: arn }] });
  const key = { active: true, createdAt: null, lastUsed: null };
  const password = { lastUsed: null };

  test.each([
    [
      "a password and an MFA device is protected: AWS asks for it at sign-in",
      { mfaDevice: true, password, accessKeys: [] },
      "protected",
    ],
    ["a password and no MFA device is open", { mfaDevice: false, password, accessKeys: [] }, "open"],
    [
      "an access key is open, even with an MFA device",
      { mfaDevice: true, password, accessKeys: [key] },
      "open",
    ],
    [
      "only an inactive access key is protected",
      { mfaDevice: false, password: null, accessKeys: [{ ...key, active: false }] },
      "protected",
    ],
  ] as const)("with %s", (_, record, standing) => {
    const report = { madeAt: undefined, users: new Map([[arn, { name: "alice", ...record }]]) };
    expect(standingIn(accountInput("111122223333", found, report))).toBe(standing);
  });

  test.each([
    [
      "is protected if the lists of other credentials were not saved",
      { isWhole: false },
      "protected",
      "the files do not list their service-specific credentials and SSH",
    ],
    [
      "is unknown if AWS denied the lists of other credentials",
      { isWhole: true },
      "unknown",
      "AWS did not list their service-",
    ],
    [
      "is protected if the lists of other credentials are empty",
      { isWhole: true, serviceCredentials: new Map(), sshPublicKeys: new Map() },
      "protected",
      "to sign in with.",
    ],
  ])("without a password or an access key %s", (_, listed, standing, said) => {
    const record = { name: "alice", mfaDevice: false, password: null, accessKeys: [] };
    const report = { madeAt: undefined, users: new Map([[arn, record]]) };
    const source = accountInput("111122223333", found, report, true, listed);
    const [subject] = evaluateInput(source, SETTINGS, NOW).subjects;
    expect(subject).toMatchObject({ standing, reason: expect.stringContaining(said) });
  });
});
