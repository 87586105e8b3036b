import type * as pulumi from "@pulumi/pulumi";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Server, serve } from "../../local/http";
import { configuredProvider, providerText } from "./dynamic-resource";

const device = {
  serialNumber: "arn:aws:iam::111122223333:mfa/alice",
  userName: "alice",
  region: "eu-central-1",
  __provider: "code",
};

interface Call {
  readonly action: string | null;
  readonly form: URLSearchParams;
  /** The access key that signed the request. */
  readonly signer: string | undefined;
}

let server: Server;
let calls: Call[];
let answer: (action: string | null) => { status: number; body: string };

beforeEach(async () => {
  calls = [];
  answer = () => ({ status: 200, body: "<DeactivateMFADeviceResponse/>" });
  server = await serve(async ({ headers, body }) => {
    const form = new URLSearchParams(body.toString());
    const action = form.get("Action");
    calls.push({ action, form, signer: /Credential=([^/]+)/.exec(headers.authorization ?? "")?.[1] });
    const { status, body: text } = answer(action);
    return { status, headers: { "content-type": "text/xml" }, body: Buffer.from(text) };
  });
});

afterEach(() => server.close());

type Kind = Parameters<typeof providerText>[0];

/** The provider with an `aws` configuration, as the engine runs it. */
async function configured(
  config: Record<string, string> = {},
  kind: Kind = "device-removal",
): Promise<pulumi.dynamic.ResourceProvider> {
  const all: Record<string, string> = {
    "aws:accessKey": "AKIAIOSFODNN7EXAMPLE",
    "aws:secretKey": "not-a-real-one",
    "aws:endpoints": JSON.stringify([{ iam: server.endpoint, sts: server.endpoint }]),
    ...config,
  };
  return configuredProvider(kind, (key) => all[key]);
}

function refusal(code: string) {
  return {
    status: 400,
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
  };
}

/** Marks an unknown value in the engine's protocol. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("when a device is removed", () => {
  test("it is deactivated for its user and deleted, with the configured keys", async () => {
    await (await configured()).delete?.(device.serialNumber, device);
    expect(
      calls.map(({ action, form, signer }) => [
        action,
        form.get("UserName"),
        form.get("SerialNumber"),
        signer,
      ]),
    ).toEqual([
      ["DeactivateMFADevice", "alice", device.serialNumber, "AKIAIOSFODNN7EXAMPLE"],
      ["DeleteVirtualMFADevice", null, device.serialNumber, "AKIAIOSFODNN7EXAMPLE"],
    ]);
  });

  test("a device that was never enabled is deleted", async () => {
    answer = (action) =>
      action === "DeactivateMFADevice" ? refusal("NoSuchEntity") : { status: 200, body: "<Response/>" };
    await (await configured()).delete?.(device.serialNumber, device);
    expect(calls.map(({ action }) => action)).toEqual(["DeactivateMFADevice", "DeleteVirtualMFADevice"]);
  });

  test("a device that is already deleted causes no error", async () => {
    answer = () => refusal("NoSuchEntity");
    await expect((await configured()).delete?.(device.serialNumber, device)).resolves.toBeUndefined();
  });

  test("AccessDenied fails the removal", async () => {
    answer = () => refusal("AccessDenied");
    await expect((await configured()).delete?.(device.serialNumber, device)).rejects.toThrow("no");
  });

  test("nothing is printed, even on the oldest supported Node.js", async () => {
    const keys = { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "not-a-real-one" };
    // The oldest supported version, for which the AWS SDK prints a warning.
    const old = 'Object.defineProperty(process, "version", { value: "v20.12.0" });';
    const program = `${old}${providerText("device-removal")}exports.handler().delete("", ${JSON.stringify(device)})`;
    const { all } = await execa(process.execPath, ["-e", program], {
      all: true,
      extendEnv: false,
      env: { ...keys, AWS_ENDPOINT_URL: server.endpoint },
    });
    expect(calls).toHaveLength(2);
    expect(all).toBe("");
  });

  test("the configured roles are assumed first, each with the session of the one before", async () => {
    answer = (action) =>
      action === "AssumeRole"
        ? {
            status: 200,
            body:
              "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>" +
              "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>" +
              "</Credentials></AssumeRoleResult></AssumeRoleResponse>",
          }
        : { status: 200, body: "<DeactivateMFADeviceResponse/>" };
    const assumeRoles = JSON.stringify([
      { roleArn: "arn:aws:iam::444455556666:role/First" },
      { roleArn: "arn:aws:iam::111122223333:role/Second", externalId: "x" },
    ]);
    await (await configured({ "aws:assumeRoles": assumeRoles })).delete?.(device.serialNumber, device);
    expect(
      calls.map(({ action, form, signer }) => [action, form.get("RoleArn"), form.get("ExternalId"), signer]),
    ).toEqual([
      ["AssumeRole", "arn:aws:iam::444455556666:role/First", null, "AKIAIOSFODNN7EXAMPLE"],
      ["AssumeRole", "arn:aws:iam::111122223333:role/Second", "x", "ASIAIOSFODNN7EXAMPLE"],
      ["DeactivateMFADevice", null, null, "ASIAIOSFODNN7EXAMPLE"],
      ["DeleteVirtualMFADevice", null, null, "ASIAIOSFODNN7EXAMPLE"],
    ]);
  });
});

/** An answer of IAM's query protocol; members of a list are in `member` elements. */
function xml(action: string | null, result = ""): { status: number; body: string } {
  return {
    status: 200,
    body: `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`,
  };
}

const key = (id: string, status: string) =>
  `<member><AccessKeyId>${id}</AccessKeyId><Status>${status}</Status></member>`;

describe("when a user is removed", () => {
  const alice = { userName: "alice", region: "eu-central-1", __provider: "code" };
  const LISTS: Record<string, string> = {
    ListAccessKeys: `<AccessKeyMetadata>${key("AKIAONE", "Active")}${key("AKIATWO", "Inactive")}</AccessKeyMetadata>`,
    ListServiceSpecificCredentials:
      "<ServiceSpecificCredentials><member><ServiceSpecificCredentialId>ACCA</ServiceSpecificCredentialId><Status>Active</Status></member></ServiceSpecificCredentials>",
    ListSSHPublicKeys:
      "<SSHPublicKeys><member><SSHPublicKeyId>APKA</SSHPublicKeyId><Status>Active</Status></member></SSHPublicKeys>",
    ListSigningCertificates:
      "<Certificates><member><CertificateId>CERT</CertificateId><Status>Active</Status></member></Certificates>",
  };
  const release = async () => (await configured({}, "user-release")).delete?.("alice", alice);

  test("every active credential is deactivated and the password deleted, the access keys first", async () => {
    answer = (action) => xml(action, LISTS[action ?? ""]);
    await release();
    const id = (form: URLSearchParams) =>
      [...form].flatMap(([name, value]) => (/Id$/.test(name) || name === "Status" ? value : []));
    expect(calls.map(({ action, form }) => [action, ...id(form)].join(" "))).toEqual([
      "ListAccessKeys",
      "UpdateAccessKey AKIAONE Inactive",
      "DeleteLoginProfile",
      "ListServiceSpecificCredentials",
      "UpdateServiceSpecificCredential ACCA Inactive",
      "ListSSHPublicKeys",
      "UpdateSSHPublicKey APKA Inactive",
      "ListSigningCertificates",
      "UpdateSigningCertificate CERT Inactive",
    ]);
    expect(calls.every(({ form }) => form.get("UserName") === "alice")).toBe(true);
  });

  test.each([
    ["a user who is already deleted", () => refusal("NoSuchEntity")],
    ["a user without credentials", (action: string | null) => xml(action)],
  ])("%s causes no error, and nothing is deactivated", async (_what, empty) => {
    answer = (action) => (action === "DeleteLoginProfile" ? refusal("NoSuchEntity") : empty(action));
    await expect(release()).resolves.toBeUndefined();
    expect(calls.filter(({ action }) => action?.startsWith("Update"))).toEqual([]);
  });

  test.each(["ListAccessKeys", "UpdateAccessKey", "DeleteLoginProfile", "UpdateSigningCertificate"])(
    "AccessDenied from %s stops the removal",
    async (refused) => {
      answer = (action) => (action === refused ? refusal("AccessDenied") : xml(action, LISTS[action ?? ""]));
      await expect(release()).rejects.toThrow("no");
      expect(calls.at(-1)?.action).toBe(refused);
    },
  );

  test.each([
    ["another region and newer code do not replace the UserRelease", {}, []],
    ["a user name that is not known yet replaces the UserRelease", { userName: UNKNOWN }, ["userName"]],
  ])("%s", async (_what, changes, replaces) => {
    const other = { ...alice, region: "us-east-1", __provider: "newer", ...changes };
    const difference = await (await configured({}, "user-release")).diff?.("alice", alice, other);
    expect(difference).toEqual({ changes: true, replaces, deleteBeforeReplace: true });
  });
});

describe("when a user who stays in AWS leaves the group", () => {
  const inputs = { userName: "erin", region: "eu-central-1", stays: true };
  const leave = async () => (await configured({}, "user-release")).delete?.("erin", inputs);

  test("an active credential stops the update, and nothing is changed", async () => {
    answer = (action) =>
      action === "ListAccessKeys"
        ? xml(action, `<AccessKeyMetadata>${key("AKIAONE", "Active")}</AccessKeyMetadata>`)
        : refusal("NoSuchEntity");
    await expect(leave()).rejects.toThrow("Still active: access key AKIAONE.");
    expect(calls.map(({ action }) => action)).toEqual(["ListAccessKeys", "GetLoginProfile"]);
  });

  test("the update succeeds without active credentials", async () => {
    answer = () => refusal("NoSuchEntity");
    await expect(leave()).resolves.toBeUndefined();
  });
});

const identity = (account: string, who = "root") =>
  xml(
    "GetCallerIdentity",
    `<Arn>arn:aws:iam::${account}:${who}</Arn><UserId>x</UserId><Account>${account}</Account>`,
  );

test("a run does not delete the user whose credentials it uses", async () => {
  const release = async (userName: string) => {
    answer = (action) =>
      action === "GetCallerIdentity" ? identity("111122223333", "user/team/dora") : xml(action);
    const where = { region: "eu-central-1", account: "111122223333" };
    await (await configured({}, "user-release")).delete?.(userName, { userName, ...where });
  };
  await expect(release("dora")).rejects.toThrow("This run has the credentials of dora");
  expect(calls.map(({ action }) => action)).toEqual(["GetCallerIdentity"]);
  await expect(release("ora")).resolves.toBeUndefined();
});

describe("with another account's credentials", () => {
  const inputs = {
    ...device,
    account: "111122223333",
    groupName: "MFA",
    users: {},
    devices: {},
    releaseUsers: [],
  };

  test.each<Kind>(["device-removal", "user-release", "members"])(
    "deleting the %s resource is rejected, and nothing is changed",
    async (kind) => {
      answer = (action) => (action === "GetCallerIdentity" ? identity("444455556666") : xml(action));
      const deleted = (await configured({}, kind)).delete?.("id", inputs);
      await expect(deleted).rejects.toThrow(
        "The AWS provider is in account 111122223333, but the credentials of this run belong to account 444455556666.",
      );
      expect(calls.map(({ action }) => action)).toEqual(["GetCallerIdentity"]);
    },
  );

  test("the check of the members is rejected, and in the provider's account it passes", async () => {
    const check = async (account: string) => {
      answer = (action) => (action === "GetCallerIdentity" ? identity(account) : refusal("NoSuchEntity"));
      return (await configured({}, "members")).check?.({}, inputs);
    };
    await expect(check("444455556666")).rejects.toThrow("account 444455556666");
    expect(await check("111122223333")).toMatchObject({ failures: [] });
  });

  test("the check of an MfaGuard that a role attaches makes no AWS call", async () => {
    const members = await configured({}, "members");
    const news = { ...inputs, users: {}, guardedGroups: ["staff"], ownsGroup: false };
    expect(await members.check?.({}, news)).toMatchObject({ failures: [] });
    expect(calls).toEqual([]);
  });
});

describe("the members of the group", () => {
  const region = "eu-central-1";
  const reasons = async (
    before: object,
    users: object,
    more: { releaseUsers?: string[]; caller?: string } = {},
    config: Record<string, string> = {},
  ) => {
    const provider = await configured(config, "members");
    const news = { users, devices: {}, releaseUsers: [], project: "team-access", region, ...more };
    const { failures = [] } = (await provider.check?.({ users: before }, news)) ?? {};
    return failures.map(({ reason }) => reason);
  };
  const live = (action: string | null) =>
    action === "ListAccessKeys"
      ? xml(
          action,
          `<AccessKeyMetadata>${key("AKIAONE", "Active")}${key("AKIATWO", "Inactive")}</AccessKeyMetadata>`,
        )
      : xml(action, "<LoginProfile><UserName>carol</UserName></LoginProfile>");

  test.each(["existing", "retained"])(
    "a user with the origin %s and active credentials cannot leave",
    async (origin) => {
      answer = live;
      const [reason] = await reasons({ carol: origin }, {});
      expect(reason).toContain("Still active: access key AKIAONE, a password.");
      expect(reason).toContain("team-access:releaseUsers");
    },
  );

  test("a user in releaseUsers, without active credentials, or created by the stack can leave", async () => {
    answer = live;
    expect(await reasons({ carol: "existing" }, {}, { releaseUsers: ["carol"] })).toEqual([]);
    expect(await reasons({ carol: "created" }, {})).toEqual([]);
    answer = (action) => (action === "GetLoginProfile" ? refusal("NoSuchEntity") : xml(action));
    expect(await reasons({ carol: "existing" }, {})).toEqual([]);
  });

  test("a user who stays in AWS cannot leave a group that is renamed at the same time", async () => {
    const provider = await configured({}, "members");
    const olds = { groupName: "MFA", users: { alice: "created", carol: "existing" } };
    const news = { groupName: "OpsMFA", users: {}, devices: {}, releaseUsers: ["carol"], region };
    const { failures = [] } = (await provider.check?.(olds, news)) ?? {};
    expect(failures.map(({ reason }) => reason)).toEqual([
      expect.stringContaining("carol cannot leave the group while it is renamed"),
    ]);
  });

  test("a user who may come from another MfaAccess with active credentials must join the new group first", async () => {
    const provider = await configured({}, "members");
    const news = { groupName: "DevMFA", users: { carol: "created" }, devices: {}, releaseUsers: [], region };
    const check = async (...groups: string[]) => {
      const members = groups.map((name) => `<member><GroupName>${name}</GroupName></member>`);
      answer = (action) =>
        action === "ListGroupsForUser" ? xml(action, `<Groups>${members.join("")}</Groups>`) : live(action);
      return (await provider.check?.({}, news))?.failures?.map(({ reason }) => reason);
    };
    expect(await check("OpsMFA")).toEqual([
      expect.stringContaining("aws iam add-user-to-group --group-name DevMFA --user-name carol"),
    ]);
    expect(await check("OpsMFA", "DevMFA")).toEqual([]);
    expect(await check()).toEqual([]);
  });

  test("another account than at the last update is rejected without an AWS call", async () => {
    const provider = await configured({}, "members");
    const of = (account: string) => ({
      groupName: "MFA",
      users: {},
      devices: {},
      releaseUsers: [],
      region,
      account,
    });
    const { failures = [] } = (await provider.check?.(of("111122223333"), of("444455556666"))) ?? {};
    expect(failures.map(({ reason }) => reason)).toEqual([
      expect.stringContaining("Fix: run it with credentials of account 111122223333."),
    ]);
    expect(calls).toEqual([]);
  });

  test("a role cannot change its account", async () => {
    const provider = await configured({}, "members");
    const of = (roles: object) => ({
      groupName: "MFA",
      users: {},
      devices: {},
      roles,
      releaseUsers: [],
      region,
    });
    const check = async (before: object, now: object) =>
      (await provider.check?.(of(before), of(now)))?.failures?.map(({ reason }) => reason);
    const audit = (account: string) => ({ Audit: account, Look: "111122223333" });
    expect(await check(audit("444455556666"), audit("777788889999"))).toEqual([
      expect.stringContaining("The role Audit would stay in account 444455556666"),
    ]);
    expect(await check(audit("444455556666"), {})).toEqual([]);
    expect(await check({}, audit("444455556666"))).toEqual([]);
  });

  test("a group cannot be renamed in case alone: IAM would remove its members and its deny policy", async () => {
    const provider = await configured({}, "members");
    const users = { carol: "created" };
    const news = { groupName: "opsMFA", users, devices: {}, releaseUsers: [], region };
    const { failures = [] } = (await provider.check?.({ groupName: "OpsMFA", users }, news)) ?? {};
    expect(failures.map(({ reason }) => reason)).toEqual([expect.stringContaining("Fix: keep OpsMFA")]);
  });

  test("a user whose credentials cannot be listed cannot leave", async () => {
    answer = () => refusal("AccessDenied");
    await expect(reasons({ carol: "existing" }, {})).rejects.toThrow("no");
  });

  test.each([
    [
      "a created user cannot become existing",
      "created",
      "existing",
      "would delete carol, because this stack created carol. Fix: set retainOnDelete: true",
    ],
    ["an existing user cannot become created", "existing", "created", "Fix: keep existing: true"],
    ["an existing user cannot become retained", "existing", "retained", "Fix: keep existing: true"],
    ["a created user can become retained", "created", "retained", undefined],
    ["a retained user can become existing", "retained", "existing", undefined],
    ["a retained user can become created", "retained", "created", undefined],
    ["an existing user can stay existing", "existing", "existing", undefined],
  ])("%s", async (_what, was, is, refused) => {
    const found = await reasons({ carol: was }, { carol: is });
    expect(found).toEqual(refused === undefined ? [] : [expect.stringContaining(refused)]);
    expect(calls.map(({ action }) => action)).toEqual(["GetUserPolicy"]);
  });

  test("an offboarded user is rejected, whether new or already a member", async () => {
    answer = (action) => xml(action, "<UserName>carol</UserName><PolicyName>aws-mfa-offboarded</PolicyName>");
    for (const before of [{}, { carol: "created" }]) {
      const [reason] = await reasons(before, { carol: "created" });
      expect(reason).toContain("Fix: remove carol from team-access:users");
    }
    answer = () => refusal("NoSuchEntity");
    expect(await reasons({}, { carol: "created" })).toEqual([]);
  });

  test.each<[string, string[], string[], string[], string | undefined]>([
    ["a device can be added", ["phone"], ["phone", "backup"], [], undefined],
    [
      "the first device can be renamed while another is added",
      ["phone"],
      ["laptop", "backup"],
      [],
      undefined,
    ],
    [
      "devices after the first can change places",
      ["phone", "a", "b"],
      ["phone", "b", "a"],
      ["/a"],
      undefined,
    ],
    [
      "the first device cannot change places with the second",
      ["phone", "backup"],
      ["backup", "phone"],
      [],
      "Fix: keep phone first",
    ],
    [
      "the second device cannot become the first",
      ["phone", "backup"],
      ["backup"],
      [],
      "Fix: keep phone first",
    ],
    ["the first device cannot become the second", ["phone"], ["token", "phone"], [], "Fix: keep phone first"],
    ["a device that is not enabled can be removed", ["phone", "backup"], ["phone"], [], undefined],
    [
      "an enabled device can be removed if the first is enabled",
      ["phone", "backup"],
      ["phone"],
      ["", "/backup"],
      undefined,
    ],
    [
      "the only enabled virtual device cannot be removed",
      ["phone", "backup"],
      ["phone"],
      ["/backup"],
      "every device that carol has enabled: backup.",
    ],
    [
      "all enabled virtual devices cannot be removed together",
      ["phone", "a", "b"],
      ["phone"],
      ["/a", "/b"],
      "every device that carol has enabled: a, b.",
    ],
  ])("%s", async (_what, before, now, enabled, refused) => {
    const member = (serial: string) => `<member><SerialNumber>${serial}</SerialNumber></member>`;
    const serials = enabled.map((rest) => `arn:aws:iam::111122223333:mfa/carol${rest}`);
    const securityKey = "arn:aws:iam::111122223333:u2f/user/carol/key-1";
    answer = (action) =>
      action === "ListMFADevices"
        ? xml(action, `<MFADevices>${[...serials, securityKey].map(member).join("")}</MFADevices>`)
        : refusal("NoSuchEntity");
    const users = { carol: "created" };
    const news = { users, devices: { carol: now }, releaseUsers: [], project: "team-access", region };
    const provider = await configured({}, "members");
    const { failures = [] } = (await provider.check?.({ users, devices: { carol: before } }, news)) ?? {};
    expect(failures.map(({ reason }) => reason)).toEqual(
      refused === undefined ? [] : [expect.stringContaining(refused)],
    );
    // The state of an older program has no devices.
    expect((await provider.check?.({ users }, news))?.failures).toEqual([]);
  });

  test("a caller who becomes a member needs an enabled device and session credentials", async () => {
    const asDora = (keys = {}) => reasons({}, { dora: "created" }, { caller: "dora" }, keys);
    answer = (action) => xml(action);
    expect(await asDora()).toEqual([
      expect.stringContaining("this pulumi up runs as dora, who has no enabled MFA device"),
    ]);
    answer = (action) =>
      xml(action, "<MFADevices><member><SerialNumber>x</SerialNumber></member></MFADevices>");
    expect(await asDora()).toEqual([
      expect.stringContaining("runs as dora, with access keys, which carry no MFA"),
    ]);
    expect(await asDora({ "aws:accessKey": "ASIAIOSFODNN7EXAMPLE", "aws:token": "t" })).toEqual([]);
  });
});

// As the engine does at the end of an update, also for resources that a killed update left.
test.each<[Kind, object]>([
  ["user-release", { userName: "rosa" }],
  ["device-removal", { serialNumber: "arn:aws:iam::111122223333:mfa/rosa" }],
  ["members", { groupName: "MFA", users: {}, devices: {}, releaseUsers: [] }],
])(
  "deleting a %s resource that was checked before does nothing: it was only replaced",
  async (kind, some) => {
    const inputs = { ...device, ...some };
    const older = await configured({}, kind);
    await (await configured({}, kind)).check?.({}, inputs);
    await older.delete?.("id", inputs);
    expect(calls).toEqual([]);
  },
);

describe("a DeviceRemoval", () => {
  test("is created without an AWS call, with its inputs as outputs", async () => {
    const provider = await configured();
    expect(await provider.create(device)).toEqual({ id: device.serialNumber, outs: device });
    expect(calls).toEqual([]);
  });

  test.each([
    ["stays the same for the same inputs", {}, { changes: false, replaces: [] }],
    ["is updated for another region", { region: "us-east-1" }, { changes: true, replaces: [] }],
    ["is updated for newer code", { __provider: "newer" }, { changes: true, replaces: [] }],
    [
      "is replaced for another device",
      { serialNumber: "arn:aws:iam::111122223333:mfa/bob" },
      { changes: true, replaces: ["serialNumber"] },
    ],
    ["is replaced for another user", { userName: "bob" }, { changes: true, replaces: ["userName"] }],
  ])("%s", async (_what, change, expected) => {
    const provider = await configured();
    expect(await provider.diff?.(device.serialNumber, device, { ...device, ...change })).toMatchObject(
      expected,
    );
  });
});
