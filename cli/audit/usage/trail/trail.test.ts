import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { execa } from "execa";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { timeoutOption } from "../../../timeout";
import { usageCell, usageText } from "../../render/usage";
import type { Report, Subject } from "../../report";
import { withTrail } from "./attach";
import { readTrail } from "./files";
import { recordsIn } from "./records";
import { Trail } from "./trail";

const ACCOUNT = "111122223333";
const ALICE = `arn:aws:iam::${ACCOUNT}:user/alice`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/deploy`;

const event = (more: object = {}) => ({
  eventTime: "2026-02-01T10:00:00Z",
  eventSource: "sts.amazonaws.com",
  eventName: "AssumeRole",
  awsRegion: "us-east-1",
  sourceIPAddress: "192.0.2.1",
  userAgent: "aws-cli/2.15 os/linux",
  recipientAccountId: ACCOUNT,
  userIdentity: { type: "IAMUser", arn: ALICE, accountId: ACCOUNT },
  requestParameters: { roleArn: ROLE },
  ...more,
});
const service = { type: "AWSService", invokedBy: "lambda.amazonaws.com" };
const webIdentity = (identityProvider: string) => ({ type: "WebIdentityUser", identityProvider });
const session = (mfaAuthenticated: string) => ({
  ...event().userIdentity,
  sessionContext: { attributes: { mfaAuthenticated } },
});

function seen(subject: string, ...events: readonly object[]) {
  const trail = new Trail();
  for (const each of events) expect(trail.add(JSON.stringify(each))).toBeUndefined();
  return trail.seenOf(ACCOUNT, [subject]);
}

describe("the use of a role", () => {
  test.each<[string, object, string]>([
    ["is certainly by a machine if a service assumes it", { userIdentity: service }, "machines certain"],
    [
      "is certainly by a machine with the OIDC token of a CI job",
      {
        eventName: "AssumeRoleWithWebIdentity",
        userIdentity: webIdentity("arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"),
      },
      "machines certain",
    ],
    [
      "is unclear with a token that people and machines can get",
      { eventName: "AssumeRoleWithWebIdentity", userIdentity: webIdentity("accounts.google.com") },
      "unclear unclear",
    ],
    [
      "is likely by a person through SAML",
      { eventName: "AssumeRoleWithSAML", userIdentity: { type: "SAMLUser", principalId: "x" } },
      "people likely",
    ],
    [
      "is likely by a person with an MFA code",
      { requestParameters: { roleArn: ROLE, serialNumber: "mfa" } },
      "people likely",
    ],
    ["is likely by a person from a session with MFA", { userIdentity: session("true") }, "people likely"],
    [
      "is certainly by a person from a console session",
      { sessionCredentialFromConsole: "true" },
      "people certain",
    ],
    ["is likely by a person on macOS", { userAgent: "aws-cli/2 md/x os/macos#24" }, "people likely"],
    [
      "is likely by a machine from a Lambda function",
      { userAgent: "Boto3/1.3 exec-env/AWS_Lambda_python3.12" },
      "machines likely",
    ],
    ["is unclear with the AWS CLI on Linux", { userIdentity: session("false") }, "unclear unclear"],
    [
      "is unclear if a service calls on the caller's behalf",
      { sourceIPAddress: "cloudformation.amazonaws.com" },
      "unclear unclear",
    ],
  ])("%s", (_, more, expected) => {
    expect(seen(ROLE, event(more))?.uses.map(({ by, sure }) => `${by} ${sure}`)).toEqual([expected]);
  });

  test("includes its sessions' calls, even if the logs lack the AssumeRole call", () => {
    const userIdentity = {
      type: "AssumedRole",
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/x`,
      sessionContext: { sessionIssuer: { arn: ROLE }, attributes: { mfaAuthenticated: "false" } },
    };
    const uses = seen(ROLE, event({ eventName: "ListBuckets", userIdentity, requestParameters: null }))?.uses;
    expect(uses).toMatchObject([{ caller: userIdentity.arn, mfa: false }]);
  });

  test("does not include a denied call, which is a use of its caller", () => {
    const denied = event({ errorCode: "AccessDenied" });
    expect(seen(ROLE, denied)?.uses).toEqual([]);
    expect(seen(ALICE, denied)?.uses).toHaveLength(1);
  });

  test("is likely by a machine if one caller calls around the clock for days", () => {
    const hourly = (count: number, everyHours: number) =>
      Array.from({ length: count }, (_, index) =>
        event({ eventTime: new Date(Date.UTC(2026, 1, 1) + index * everyHours * 3_600_000).toISOString() }),
      );
    expect(seen(ROLE, ...hourly(80, 1))?.uses).toMatchObject([
      { by: "machines", sure: "likely", events: 80 },
    ]);
    expect(seen(ROLE, ...hourly(24, 1))?.uses).toMatchObject([{ by: "unclear" }]);
    expect(seen(ROLE, ...hourly(80, 24))?.uses).toMatchObject([{ by: "unclear" }]);
  });

  test("by many callers is summarized, and counts every event", () => {
    const machine = event({ userIdentity: service });
    const all = Array.from({ length: 500 }, (_, index) => event({ sourceIPAddress: `192.0.2.${index}` }));
    const found = seen(ROLE, ...all, machine)?.uses ?? [];
    expect(found.length).toBeLessThan(30);
    expect(found.reduce((sum, { events }) => sum + events, 0)).toBe(501);
    expect(found.map(({ by }) => by)).toContain("machines");
  });
});

test("the serial number of a call about an MFA device is no sign of MFA", () => {
  const requestParameters = { userName: "bob", serialNumber: "mfa" };
  const found = seen(ALICE, event({ eventName: "DeactivateMFADevice", requestParameters }));
  expect(found?.uses).toMatchObject([{ by: "unclear", mfa: false }]);
});

describe("a sign-in", () => {
  const signIn = (ConsoleLogin: string, MFAUsed: string) =>
    event({
      eventName: "ConsoleLogin",
      requestParameters: null,
      responseElements: { ConsoleLogin },
      additionalEventData: { MFAUsed },
    });

  test.each(["Yes", "No"])("is certainly by a person, with MFA: %s", (used) => {
    expect(seen(ALICE, signIn("Success", used))?.uses).toMatchObject([
      { by: "people", sure: "certain", mfa: used === "Yes" },
    ]);
  });

  test("that failed is no use", () => {
    expect(seen(ALICE, signIn("Failure", "No"))?.uses).toEqual([]);
  });
});

test("records are read however the text is split into chunks", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue().map((value) => ({ value }))),
      fc.array(fc.nat(40)),
      async (Records, cuts) => {
        const text = JSON.stringify({ Records, after: "]}" });
        const chunks = async function* () {
          let at = 0;
          for (const cut of cuts) {
            yield text.slice(at, at + cut);
            at += cut;
          }
          yield text.slice(at);
        };
        const found: unknown[] = [];
        for await (const records of recordsIn(chunks()))
          found.push(...records.map((each) => JSON.parse(each)));
        expect(found).toEqual(JSON.parse(JSON.stringify(Records)));
      },
    ),
    { numRuns: 300 },
  );
});

describe("CloudTrail log files", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "aws-mfa-trail-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function read(name: string, content: string | Buffer) {
    const path = join(folder, name);
    await writeFile(path, content);
    const { trail, unread } = await readTrail([path], new AbortController().signal, () => {});
    return { events: trail.coverageOf(ACCOUNT)?.events ?? 0, problem: unread[0]?.trouble?.problem };
  }
  const log = (...Records: readonly unknown[]) => JSON.stringify({ Records });

  test.each<[string, string | Buffer, number, string | undefined]>([
    ["in JSON", log(event(), event()), 2, undefined],
    ["in gzip", gzipSync(log(event())), 1, undefined],
    ["without events", log(), 0, undefined],
    [
      "from aws cloudtrail lookup-events",
      JSON.stringify({ Events: [{ EventId: "x", CloudTrailEvent: JSON.stringify(event()) }] }),
      1,
      undefined,
    ],
    ["that are truncated", log(event(), event()).slice(0, -20), 1, "It is truncated after record 1."],
    [
      "in truncated gzip",
      gzipSync(log(event())).subarray(0, -20),
      0,
      "It is not a complete gzip file: Z_BUF_ERROR.",
    ],
    ["that are empty", "", 0, "It is empty."],
    ["with other content", '{"Statement": []}', 0, 'It is not a CloudTrail log file: it has no "Records".'],
    [
      "with invalid records",
      log(event(), { eventTime: "yesterday" }, event()),
      2,
      "1 of its 3 records are not events, such as record 2 (eventTime).",
    ],
  ])("%s are read as far as possible", async (_, content, events, problem) => {
    expect(await read("log.json", content)).toEqual({ events, problem });
  });

  const WHOLE = gzipSync(log(event(), event()));
  test.each<[string, Buffer, number, string]>([
    [
      "without records",
      gzipSync("0 x\n".repeat(1e5)),
      0,
      'It is not a CloudTrail log file: it has no "Records".',
    ],
    [
      "with a wrong checksum",
      Buffer.concat([WHOLE.subarray(0, -8), Buffer.alloc(8)]),
      0,
      "It is not a complete gzip file: Z_DATA_ERROR.",
    ],
    [
      "with a record that is too long",
      gzipSync(`{"Records": [{"a": "${"x".repeat(2 ** 24)}`),
      0,
      "Record 1 is longer than 16777216 characters.",
    ],
    [
      "with deeply nested records",
      gzipSync(`{"Records": [${"[".repeat(1e5)}${"]".repeat(1e5)}]}`),
      0,
      "1 of its 1 records are not events, such as record 1 (it is not JSON).",
    ],
  ])("in gzip %s are reported", async (_, content, events, problem) => {
    expect(await read("hostile.json.gz", content)).toEqual({ events, problem });
  });

  test("are found among other files of a folder, and count once if they are named twice", async () => {
    const mixed = await mkdtemp(join(folder, "mixed-"));
    const path = join(mixed, "a.json.gz");
    await writeFile(path, WHOLE);
    await writeFile(join(mixed, "flow.log.gz"), gzipSync("2 111122223333 eni-1 192.0.2.1\n".repeat(1e4)));
    const { trail, unread } = await readTrail([mixed, path, mixed], new AbortController().signal, () => {});
    expect(unread).toEqual([]);
    expect(trail.coverageOf(ACCOUNT)?.events).toBe(2);
  });

  test("are read even if another one is missing", async () => {
    const path = join(folder, "there.json");
    await writeFile(path, log(event()));
    const missing = join(folder, "missing.json");
    const { trail, unread } = await readTrail([missing, path], new AbortController().signal, () => {});
    expect(trail.coverageOf(ACCOUNT)?.events).toBe(1);
    expect(unread).toMatchObject([{ name: missing, trouble: { problem: "It cannot be read: ENOENT." } }]);
  });

  test.skipIf(process.platform === "win32")("that are pipes without a writer time out", async () => {
    timeoutOption().parseArg?.("1", undefined);
    onTestFinished(() => timeoutOption().parseArg?.("20", undefined));
    const path = join(folder, "pipe");
    await execa("mkfifo", [path]);
    const { unread } = await readTrail([path], new AbortController().signal, () => {});
    expect(unread).toMatchObject([
      { name: path, trouble: { problem: expect.stringContaining("no data from the pipe within 1 s") } },
    ]);
  });
});

describe("in the report", () => {
  const subject = (kind: Subject["kind"], id: string, more: Partial<Subject> = {}): Subject => ({
    ...{ kind, name: "x", id, standing: "open", reason: "", findings: [], notes: [] },
    ...more,
  });
  const reportOf = (...subjects: readonly Subject[]): Report => ({
    version: 1,
    madeAt: "2026-03-01T00:00:00.000Z",
    places: [{ kind: "account", name: ACCOUNT, subjects }],
  });
  const trail = new Trail();
  trail.add(JSON.stringify(event()));
  const shown = (each: Subject) => withTrail(reportOf(each), { trail, unread: [] }).places[0]?.subjects[0];

  test("the use of a group is that of its members, if they are known", () => {
    expect(shown(subject("group", "g", { members: [ALICE] }))?.seen?.uses).toHaveLength(1);
    expect(shown(subject("group", "g", { members: [] }))?.seen?.uses).toEqual([]);
    expect(shown(subject("group", "g"))?.seen).toBeUndefined();
  });

  test("a role that the logs lack is not called unused, and its recorded use is noted", () => {
    const lastUse = { kind: "used", of: "role", at: "2026-02-20T00:00:00.000Z" } as const;
    const found = shown(subject("role", "other", { lastUse })) ?? {};
    expect(usageCell(found)).toBe("2026-02-20, not in the logs");
    expect(usageText(found)).toEqual([
      "Last used on 2026-02-20, by RoleLastUsed.",
      "Not seen in the CloudTrail logs, which begin on 2026-02-01. They lack the use that AWS recorded.",
    ]);
  });

  test("logs without an event of the account add only a note", () => {
    const { places } = withTrail(reportOf(subject("role", ROLE)), { trail: new Trail(), unread: [] });
    expect(places[0]?.subjects[0]?.seen).toBeUndefined();
    expect(places[0]?.notes).toEqual(["The CloudTrail logs have no event of this account."]);
  });
});
