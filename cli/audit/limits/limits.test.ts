import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runPlain } from "../../testing/command";
import type { Report } from "../report";

const ACCOUNT = "111122223333";
const ALICE = `arn:aws:iam::${ACCOUNT}:user/alice`;
const NO_MFA = { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } };
const document = (Statement: object) => ({ Version: "2012-10-17", Statement });
/** Everything without MFA but what enrolls a device, for people alone. */
const GUARD = document({
  Effect: "Deny",
  NotAction: ["iam:EnableMFADevice", "iam:ListMFADevices", "sts:GetSessionToken"],
  Resource: "*",
  Condition: { ...NO_MFA, ArnLike: { "aws:PrincipalArn": "arn:*:iam::*:user/*" } },
});
const UNIVERSAL = document([
  { Effect: "Allow", Action: "*", Resource: "*" },
  { Effect: "Deny", NotAction: ["sts:GetSessionToken"], Resource: "*", Condition: NO_MFA },
]);
const PERIMETER = document({
  ...{ Effect: "Deny", Principal: "*", Action: "sts:AssumeRole", Resource: "*", Condition: NO_MFA },
});

const role = (RoleName: string, AWS: string) => ({
  RoleName,
  Arn: `arn:aws:iam::${ACCOUNT}:role/${RoleName}`,
  AssumeRolePolicyDocument: document({ Effect: "Allow", Principal: { AWS }, Action: "sts:AssumeRole" }),
});
const DETAILS = {
  UserDetailList: [{ UserName: "alice", Arn: ALICE, GroupList: ["team"] }],
  GroupDetailList: [{ GroupName: "team", Arn: `arn:aws:iam::${ACCOUNT}:group/team` }],
  RoleDetailList: [role("deploy", ALICE), role("vendor", "444455556666")],
  Policies: [],
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aws-mfa-limits-"));
  const files = { "account.json": DETAILS, "guard.json": GUARD, "rcp.json": PERIMETER };
  for (const [name, value] of Object.entries(files))
    await writeFile(join(folder, name), JSON.stringify(value));
});
afterAll(() => rm(folder, { recursive: true }));

async function audit(...args: readonly string[]) {
  const env = { PATH: process.env.PATH ?? "" };
  const files = args.includes("bounded.json") ? [] : ["account.json"];
  return runPlain(["audit", ...files, ...args], { env, cwd: folder });
}

/** The standing of each subject, and what closes it. */
async function standings(...args: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await audit("--format", "json", ...args);
  const report: Report = JSON.parse(stdout);
  const said = report.places.flatMap(({ subjects }) =>
    subjects.map(({ name, standing, closedBy = [] }): [string, string] => {
      const by = closedBy.map(({ kind, name }) => ` by ${kind} ${name}`);
      return [name, `${standing}${by}`];
    }),
  );
  return Object.fromEntries(said);
}

test("a permissions boundary protects its own user, and no other user, role or group", async () => {
  const Arn = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
  const user = { UserName: "bob", Arn: `arn:aws:iam::${ACCOUNT}:user/bob` };
  const PolicyVersionList = [{ VersionId: "v1", IsDefaultVersion: true, Document: UNIVERSAL }];
  const details = {
    ...DETAILS,
    UserDetailList: [
      ...DETAILS.UserDetailList,
      { ...user, PermissionsBoundary: { PermissionsBoundaryArn: Arn } },
    ],
    RoleDetailList: DETAILS.RoleDetailList.map((each) => ({
      ...each,
      PermissionsBoundary: { PermissionsBoundaryArn: Arn },
    })),
    Policies: [{ PolicyName: "boundary", Arn, PolicyVersionList }],
  };
  await writeFile(join(folder, "bounded.json"), JSON.stringify(details));
  expect(await standings("bounded.json")).toMatchObject({
    ...{ bob: `protected by permissions boundary ${Arn}`, alice: "unknown" },
    ...{ deploy: "open", vendor: "open", team: "open" },
  });
});

describe("SCPs and RCPs given as files", () => {
  test("close exactly the subjects that nobody without MFA can still get into", async () => {
    const open = { deploy: "open", vendor: "open", team: "open" };
    expect(await standings()).toMatchObject(open);
    const guarded = { deploy: "protected by SCP guard.json", team: "protected by SCP guard.json" };
    expect(await standings("--scp", "guard.json")).toMatchObject({ ...open, ...guarded });
    expect(await standings("--scp", `guard.json=444455556666,${ACCOUNT}`)).toMatchObject({
      ...open,
      ...guarded,
    });
    expect(await standings("--scp", "guard.json=444455556666")).toMatchObject(open);
    const vendor = "protected by RCP rcp.json";
    expect(await standings("--scp", "guard.json", "--rcp", "rcp.json")).toMatchObject({ ...guarded, vendor });
  });

  test("are named in every format, and what they close does not fail the audit", async () => {
    const given = ["--scp", "guard.json", "--rcp", "rcp.json"];
    for (const format of ["table", "markdown", "sarif", "junit", "json"]) {
      const { stdout, code } = await audit("--format", format, "--all", ...given);
      const text = stdout.replaceAll("&#46;", ".");
      expect.soft(text, format).toContain("Closed by the SCP guard.json");
      expect.soft(text, format).toContain("Closed by the RCP rcp.json");
      expect.soft(code, format).toBe(0);
    }
    const { stdout } = await audit("--format", "json", ...given);
    const [place] = (JSON.parse(stdout) as Report).places;
    expect(place?.notes).toContain("Closed by the SCP guard.json: group team, role deploy and 1 more.");
    expect(place?.subjects.find(({ name }) => name === "vendor")?.reason).toBe(
      "Closed by the RCP rcp.json. Nobody can assume it without MFA.",
    );
  });

  test("count for the other files if a Terraform state declares them", async () => {
    const management = "444455556666";
    const id = "p-abcd1234";
    const organization = `arn:aws:organizations::${management}:policy/o-example1`;
    const arn = `${organization}/service_control_policy/${id}`;
    const content = JSON.stringify(GUARD);
    const types = {
      aws_organizations_policy: { id, arn, name: "RequireMfa", content },
      aws_organizations_policy_attachment: { policy_id: id, target_id: ACCOUNT },
    };
    const resources = Object.entries(types).map(([type, attributes]) => ({
      ...{ mode: "managed", type, name: "mfa", instances: [{ attributes }] },
    }));
    const state = { version: 4, terraform_version: "1.9.0", resources };
    await writeFile(join(folder, "org.tfstate"), JSON.stringify(state));
    const closed = "protected by SCP p-abcd1234 (RequireMfa)";
    expect(await standings("org.tfstate")).toEqual({
      ...{ deploy: closed, team: closed, alice: closed, vendor: "open" },
    });
  });

  test("are rejected with exit code 2 if AWS would reject them", async () => {
    const { code, stderr } = await audit("--rcp", "guard.json");
    expect(code).toBe(2);
    expect(stderr).toContain("guard.json cannot be used as a resource control policy: AWS would refuse it.");
    expect(stderr).toContain("expected exactly one of the two, got neither Principal nor NotPrincipal");
  });
});
