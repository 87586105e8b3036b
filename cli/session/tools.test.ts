import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { codeOf } from "../../local/demo/member";
import { hasGo } from "../../local/go";
import { type AwsWithFaults, awsWithFaults } from "../testing/aws-with-faults";
import { runPlain } from "../testing/command";
import { ACCOUNT, type EnrolledMember, type Fixture, openFixture } from "../testing/fixture";
import { spawnOnPty } from "../testing/pty";
import { awsCli, goSdk, javascriptSdk, type Tool } from "../testing/tools";

let fixture: Fixture;
let aws: AwsWithFaults;
let alice: EnrolledMember;
let plain: string;
let oneCode: string;
const serial = `arn:aws:iam::${ACCOUNT}:mfa/alice`;
const PROMPT = `MFA code for ${serial}:`;

beforeAll(async () => {
  fixture = await openFixture({
    "aws-mfa-stack:users": ["alice"],
    "aws-mfa-stack:roles": [{ name: "MFABasedAccess" }, { name: "Deploy" }],
  });
  aws = await awsWithFaults(fixture.moto.endpoint);
  alice = await fixture.enrolled("alice");
  if (hasGo) await goSdk();
  plain = await profilesOf();
  oneCode = await profilesOf("--one-code");
});
afterAll(async () => {
  await aws.close();
  await fixture.close();
});
beforeEach(() => {
  aws.endAfter("AssumeRole", undefined);
  aws.forget();
});

/** What `aws-mfa profile` writes into a configuration file with these flags. */
async function profilesOf(...flags: string[]): Promise<string> {
  const env = { ...fixture.administrator, HOME: await fixture.newHome() };
  await runPlain(["profile", "alice", ...fixture.onStack, ...flags], { env });
  return readFile(join(env.HOME, ".aws", "config"), "utf8");
}

/** A new home folder for alice with these profiles, without a session. */
async function atHome(profiles: string) {
  const { home, env: base } = await fixture.member("alice", alice.keys);
  // The SDK for Go reads only the second one when it assumes a role.
  const env = { ...base, AWS_ENDPOINT_URL: aws.endpoint, AWS_ENDPOINT_URL_STS: aws.endpoint };
  await writeFile(join(home, ".aws", "config"), profiles);
  return {
    withCode: () => runPlain(["session", "--code"], { env, input: codeOf(alice.seed) }),
    /** Without a terminal, as a script or a provider runs the tool. */
    alone: async (tool: Tool, profile = "mfabasedaccess") => {
      const [program, ...args] = await tool();
      const { exitCode, all } = await execa(program, args, {
        env: { ...env, AWS_PROFILE: profile },
        extendEnv: false,
        reject: false,
        detached: true,
        all: true,
        stdin: "ignore",
      });
      return { code: exitCode, said: all ?? "" };
    },
    atTerminal: async (tool: Tool, profile = "mfabasedaccess") => {
      const [program, ...args] = await tool();
      return spawnOnPty(program, args, { env: { ...env, AWS_PROFILE: profile } });
    },
  };
}

/** The ARN that the tools print of a session of the role. It ends with a name that the tool chooses. */
const sessionOf = (role: string) => new RegExp(`arn:aws:sts::${ACCOUNT}:assumed-role/${role}/\\S+`, "g");
const asked = (action: string) => aws.calls.filter((call) => call.action === action);

const WHAT_TO_DO = "Start the session in a terminal first: aws-mfa session --profile default";

/** How the tools differ. */
interface Ways {
  /** Its error for a profile with `mfa_serial`. */
  readonly withoutCode: string;
  readonly withoutSession: string;
  /** With this many seconds left, it assumes the role again. */
  readonly tooFew: number;
}

describe.each<[string, Tool, boolean, Ways]>([
  [
    "the AWS CLI",
    awsCli,
    true,
    { withoutCode: "Enter MFA code for", withoutSession: WHAT_TO_DO, tooFew: 600 },
  ],
  [
    "the AWS SDK for JavaScript",
    javascriptSdk,
    true,
    // Its provider chain does not show the error of the credential_process.
    {
      withoutCode: "requires multi-factor authentication",
      withoutSession: "Could not load credentials",
      tooFew: 299,
    },
  ],
  // It is built with Go.
  [
    "the AWS SDK for Go",
    goSdk,
    hasGo,
    { withoutCode: "assume role with MFA enabled", withoutSession: WHAT_TO_DO, tooFew: 0 },
  ],
])("%s", (_, tool, present, { withoutCode, withoutSession, tooFew }) => {
  test.skipIf(!present)("cannot use a profile with mfa_serial without a terminal", async () => {
    const { alone } = await atHome(plain);
    const { code, said } = await alone(tool);
    expect(code).not.toBe(0);
    expect(said).toContain(withoutCode);
    expect(asked("AssumeRole")).toEqual([]);
  });

  test.skipIf(!present)("assumes every role of a one-code profile with a single code", async () => {
    const { withCode, alone } = await atHome(oneCode);
    expect((await withCode()).code).toBe(0);
    for (const [profile, role] of [
      ["mfabasedaccess", "MFABasedAccess"],
      ["mfabasedaccess-Deploy", "Deploy"],
    ] as const) {
      const { code, said } = await alone(tool, profile);
      expect({ code, said }).toEqual({ code: 0, said: expect.anything() });
      expect(said.match(sessionOf(role))).toHaveLength(2);
    }
    expect(asked("GetSessionToken")).toHaveLength(1);
    // One session for each role, assumed from the session and not from the access keys, without a code.
    expect(asked("AssumeRole")).toHaveLength(2);
    for (const { accessKey, parameters } of asked("AssumeRole")) {
      expect(accessKey).not.toBe(alice.keys.id);
      expect(parameters.has("TokenCode")).toBe(false);
      expect(Number(parameters.get("DurationSeconds") ?? 900)).toBeLessThanOrEqual(3600);
    }
  });

  test.skipIf(!present)(
    "assumes the role again without a code when its session is about to expire",
    async () => {
      const { withCode, alone } = await atHome(oneCode);
      await withCode();
      aws.endAfter("AssumeRole", tooFew);
      const { code, said } = await alone(tool);
      expect({ code, said }).toEqual({ code: 0, said: expect.anything() });
      expect(asked("AssumeRole").length).toBeGreaterThan(1);
      expect(asked("GetSessionToken")).toHaveLength(1);
    },
  );

  test.skipIf(!present)("asks for the code on its terminal if there is no session yet", async () => {
    const { atTerminal } = await atHome(oneCode);
    const terminal = await atTerminal(tool);
    await terminal.sees(PROMPT);
    terminal.answers(codeOf(alice.seed));
    expect(await terminal.ends()).toBe(0);
    expect(terminal.screen().match(sessionOf("MFABasedAccess"))).toHaveLength(2);
    expect(asked("GetSessionToken")).toHaveLength(1);
  });

  test.skipIf(!present)("fails without a session and a terminal", async () => {
    const { alone } = await atHome(oneCode);
    const { code, said } = await alone(tool);
    expect(code).not.toBe(0);
    expect(said).toContain(withoutSession);
  });
});
