import { describe, expect, test } from "vitest";
import { trust } from "../sample/documents";
import { accountsOf, readSavedAccount, reportPage, type SavedPage } from "./saved";

const ACCOUNT = "111122223333";
const MFA = { Bool: { "aws:MultiFactorAuthPresent": "true" } };
const role = (document: string) => ({
  RoleName: "deploy",
  Arn: `arn:aws:iam::${ACCOUNT}:role/deploy`,
  AssumeRolePolicyDocument: JSON.parse(document),
});
const AWS_POLICY = { PolicyName: "ReadOnlyAccess", Arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" };
const HEAD =
  "user,arn,password_enabled,password_last_used,mfa_active,access_key_1_active,access_key_1_last_rotated," +
  "access_key_1_last_used_date,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date";
const report = (key: boolean) =>
  `${HEAD}\nalice,arn:aws:iam::${ACCOUNT}:user/alice,false,N/A,false,${key},N/A,N/A,false,N/A,N/A\n`;

function page(value: object): SavedPage {
  const read = readSavedAccount({ ...value });
  if (read === undefined) throw new Error("is no page");
  return read;
}
const whole = page({ RoleDetailList: [role(trust(MFA))] });

describe("files of one account", () => {
  test("make one account, even if one of them is given twice", () => {
    const [account, ...others] = accountsOf([whole, whole, reportPage(report(true))]);
    expect(others).toEqual([]);
    expect(account).toMatchObject({ name: ACCOUNT, resources: [{ name: "deploy" }] });
    expect(account?.trouble).toBeUndefined();
  });

  test.each([
    ["two snapshots with different versions of a role", [whole, page({ RoleDetailList: [role(trust())] })]],
    ["two snapshots, the second of which lacks a role", [whole, page({ GroupDetailList: [], Policies: [] })]],
    ["two different credential reports", [whole, reportPage(report(true)), reportPage(report(false))]],
  ])("are not evaluated if they contain %s", (_, pages) => {
    const [account] = accountsOf(pages);
    expect(account).toMatchObject({
      resources: [],
      trouble: { problem: expect.stringContaining("saved at different times") },
    });
  });

  test.each([{ IsTruncated: true, Marker: "x" }, { NextToken: "x" }, { Marker: "x" }])(
    "are incomplete if the last page announces another one: %j",
    (more) => {
      const [account] = accountsOf([page({ RoleDetailList: [role(trust(MFA))], ...more })]);
      expect(account?.trouble?.problem).toContain("incomplete");
    },
  );

  test("are complete if the last page has only AWS managed policies", () => {
    const first = page({ RoleDetailList: [role(trust(MFA))], IsTruncated: true, Marker: "x" });
    const last = page({ RoleDetailList: [], Policies: [AWS_POLICY], IsTruncated: false });
    const [account, ...others] = accountsOf([first, last]);
    expect(others).toEqual([]);
    expect(account).toMatchObject({ name: ACCOUNT });
    expect(account?.trouble).toBeUndefined();
  });
});

test("saved lists add credentials to the users they name, and leave those of other users unknown", () => {
  const [account] = accountsOf([
    page({
      UserDetailList: ["alice", "bob"].map((UserName) => ({
        UserName,
        Arn: `arn:aws:iam::${ACCOUNT}:user/${UserName}`,
      })),
    }),
    reportPage(
      `${report(false).replace("false,N/A,false", "false,N/A,true")}bob,arn:aws:iam::${ACCOUNT}:user/bob,false,N/A,false,false,N/A,N/A,false,N/A,N/A\n`,
    ),
    page({
      ServiceSpecificCredentials: [
        { UserName: "alice", ServiceName: "codecommit.amazonaws.com", Status: "Active" },
        { UserName: "alice", ServiceName: "cassandra.amazonaws.com", Status: "Inactive" },
        {
          ...{ UserName: "alice", ServiceName: "bedrock.amazonaws.com", Status: "Active" },
          ExpirationDate: "2020-01-01T00:00:00Z",
        },
      ],
    }),
    page({ SSHPublicKeys: [{ UserName: "alice", SSHPublicKeyId: "APKAEXAMPLE", Status: "Active" }] }),
    page({ SSHPublicKeys: [] }),
    page({ MFADevices: [{ UserName: "alice", SerialNumber: "GAHT12345678" }] }),
  ]);
  const [alice, bob] = [...(account?.facts?.values() ?? [])].map((each) => each.credentials);
  expect(alice).toMatchObject({
    deviceKinds: ["hardware"],
    serviceCredentials: [{ service: "codecommit.amazonaws.com" }],
    sshPublicKeys: 1,
  });
  expect(bob).not.toHaveProperty("sshPublicKeys");
  expect(account?.resources.filter(({ type }) => /sshKey|serviceSpecific/.test(type))).toHaveLength(2);
  expect(account?.notes?.join()).toContain("as far as the saved lists have them");
});

test.each([
  [
    "a file with the roles of two accounts",
    { RoleDetailList: [role(trust()), { ...role(trust()), Arn: "arn:aws:iam::444455556666:role/x" }] },
  ],
  ["a role without a trust policy", { RoleDetailList: [{ RoleName: "x", Arn: "y" }] }],
  [
    "a truncated credential report",
    { ReportFormat: "text/csv", Content: Buffer.from(`${HEAD}\n"ali`).toString("base64") },
  ],
])("reading %s fails with a reason", (_, value) => {
  expect(() => readSavedAccount(value)).toThrow(/^It |^The credential report cannot be read/);
});
