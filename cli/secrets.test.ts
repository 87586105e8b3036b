import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateUserCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf, newKeys, twoCodes } from "../local/demo/member";
import { type AwsWithFaults, awsWithFaults } from "./rehearsal/aws-with-faults";
import { runPlain } from "./rehearsal/command";
import { filesBelow, type Lookout, lookOut, SEES_PROCESSES } from "./rehearsal/lookout";
import { ACCOUNT, type Member, openStage, STACK, type Stage } from "./rehearsal/stage";
import { type Sitting, sitDown } from "./rehearsal/terminal";

/** One command after the other is run as people run it. Afterwards everything that came into sight is searched. */
let stage: Stage;
let aws: AwsWithFaults;
let alice: Member;
let carol: Member;
let lookout: Lookout;
let temporary: string;

/** Each with what it is. */
const secrets = new Map<string, string>();
function keep(what: string, secret: string): void {
  if (!secrets.has(secret)) secrets.set(secret, what);
}
/** What was printed, by what was run. */
const printed = new Map<string, string>();
const ended = new Map<string, number>();

const administrator = () => ({
  env: { ...stage.administrator, AWS_ENDPOINT_URL: aws.endpoint, TMPDIR: temporary },
});
const memberOf = ({ env }: Member) => ({
  env: { ...env, AWS_ENDPOINT_URL: aws.endpoint, TMPDIR: temporary },
});
const fromStack = (user: string) => [user, "--stack", STACK, "--project", stage.stack.folder];

async function sits(
  what: string,
  args: readonly string[],
  setting: Parameters<typeof sitDown>[1],
  person = no,
) {
  const sitting = sitDown(args, setting);
  await person(sitting);
  ended.set(what, await sitting.ends());
  printed.set(what, sitting.everything());
}

async function pipes(what: string, args: readonly string[], setting: Parameters<typeof runPlain>[1]) {
  const { code, stdout, stderr } = await runPlain(args, setting);
  ended.set(what, code);
  printed.set(what, `${stdout}\n${stderr}`);
  return stdout;
}

async function no(_: Sitting): Promise<void> {}

const types =
  (...answers: readonly (readonly [prompt: string, answer: () => string])[]) =>
  async (sitting: Sitting) => {
    for (const [prompt, answer] of answers) {
      await sitting.sees(prompt);
      sitting.answers(answer());
    }
  };

const codes = (seed: string): readonly (readonly [string, () => string])[] => [
  ["The code that the app shows:", () => twoCodes(seed)[0]],
  ["The next one", () => twoCodes(seed)[1]],
];

beforeAll(async () => {
  stage = await openStage({ "aws-mfa-stack:users": ["alice", "bob"] });
  aws = await awsWithFaults(stage.moto.endpoint);
  await stage.iam.send(new CreateUserCommand({ UserName: "carol" }));
  alice = await stage.member("alice");
  carol = await stage.member("carol");
  await newKeys(stage.iam, "bob");
  temporary = join(await stage.newHome(), "tmp");
  await mkdir(temporary);
  const seed = await stage.seedOf("alice");
  for (const user of ["alice", "bob"]) keep(`the seed of ${user}`, await stage.seedOf(user));
  for (const { keys } of [alice, carol]) keep(`the secret key ${keys.id}`, keys.secret);
  keep("the passphrase", stage.administrator.PULUMI_CONFIG_PASSPHRASE ?? "");

  lookout = lookOut([temporary, join(alice.home), join(carol.home), stage.stack.folder]);
  try {
    await sits("enroll, given up", ["enroll", ...fromStack("alice")], administrator(), async (sitting) => {
      await sitting.sees("The code that the app shows:");
      sitting.presses("\x03");
    });
    await sits(
      "enroll --show-seed, given up",
      ["enroll", ...fromStack("bob"), "--show-seed"],
      administrator(),
      async (sitting) => {
        await sitting.sees("Seed: ");
        sitting.presses("\x03");
      },
    );
    await pipes("enroll with wrong codes", ["enroll", ...fromStack("alice"), "--codes"], {
      ...administrator(),
      input: "123456\n654321\n",
    });
    await sits("enroll", ["enroll", ...fromStack("alice")], administrator(), types(...codes(seed)));
    await sits("enroll --self", ["enroll", "--self"], memberOf(carol), async (sitting) => {
      await sitting.sees("The code that the app shows:");
      await types(...codes(seedsIn(aws.answers).at(-1) ?? ""))(sitting);
    });
    await pipes("profile --print", ["profile", ...fromStack("alice"), "--print"], administrator());
    await pipes("profile", ["profile", ...fromStack("alice")], {
      env: { ...administrator().env, HOME: alice.home },
    });
    const code = ["MFA code for", () => codeOf(seed)] as const;
    await sits("verify", ["verify"], memberOf(alice), types(code));
    await pipes("verify --json", ["verify", "--json", "--code"], {
      ...memberOf(alice),
      input: `${codeOf(seed)}\n`,
    });
    aws.fail("AssumeRole", {
      status: 403,
      code: "AccessDenied",
      message: `User: arn:aws:iam::${ACCOUNT}:user/alice is not authorized to perform: sts:AssumeRole`,
    });
    await sits("verify, refused", ["verify"], memberOf(alice), types(code));
    aws.fail("AssumeRole", undefined);
    await sits("session", ["session"], memberOf(alice), types(code));
    await pipes("profile --one-code", ["profile", ...fromStack("alice"), "--one-code", "--name", "day"], {
      env: { ...administrator().env, HOME: alice.home },
    });
    await pipes("verify of one code", ["verify", "day"], memberOf(alice));
    await sits("status", ["status", ...fromStack("").slice(1)], administrator());
    await pipes("status --json", ["status", ...fromStack("").slice(1), "--json"], administrator());
    for (const format of ["table", "json"]) {
      await pipes(`audit --format ${format}`, ["audit", "--format", format], administrator());
    }
    await sits("replace", ["replace", ...fromStack("alice")], administrator(), async (sitting) => {
      await sitting.sees("Replace the device of alice as the plan says?");
      sitting.answers("y");
      await sitting.sees("The code that the app shows:");
      const renewed = await stage.seedOf("alice");
      keep("the new seed of alice", renewed);
      await types(...codes(renewed))(sitting);
    });
    await sits("offboard", ["offboard", ...fromStack("bob"), "--yes"], administrator());
    aws.fail("GetCallerIdentity", {
      status: 403,
      code: "ExpiredToken",
      message: "The security token included in the request is expired",
    });
    await pipes("verify, expired", ["verify"], memberOf(alice));
    aws.fail("GetCallerIdentity", undefined);
  } finally {
    lookout.stop();
  }
  for (const answer of aws.answers) {
    for (const [, name, value = ""] of answer.matchAll(/<(SecretAccessKey|SessionToken)>([^<]+)</g)) {
      keep(`a ${name} that AWS gave`, value);
    }
  }
  for (const each of seedsIn(aws.answers)) keep("a seed that AWS gave", each);
}, 180_000);
afterAll(async () => {
  await aws?.close();
  await stage?.close();
});

/** IAM's protocol has the bytes of a seed's text in Base64. */
function seedsIn(answers: readonly string[]): string[] {
  return [...answers.join("\n").matchAll(/<Base32StringSeed>([^<]+)</g)].map(([, value = ""]) =>
    Buffer.from(value, "base64").toString("latin1"),
  );
}

/** The secrets in the texts, each with where it is. */
function found(texts: ReadonlyMap<string, string>): string[] {
  return [...texts].flatMap(([where, text]) =>
    [...secrets].filter(([secret]) => text.includes(secret)).map(([, name]) => `${name} in ${where}`),
  );
}

describe("no seed, key, session token or passphrase", () => {
  test("is missed for want of something to look for, and every command did its work", () => {
    for (const [secret, name] of secrets) expect(secret.length, name).toBeGreaterThan(15);
    expect([...secrets.values()].join()).toMatch(/SessionToken/);
    expect(Object.fromEntries(ended)).toEqual({
      "enroll, given up": 130,
      "enroll --show-seed, given up": 130,
      "enroll with wrong codes": 1,
      enroll: 0,
      "enroll --self": 0,
      "profile --print": 0,
      profile: 0,
      verify: 0,
      "verify --json": 0,
      "verify, refused": 5,
      session: 0,
      "profile --one-code": 0,
      "verify of one code": 0,
      status: 0,
      "status --json": 0,
      "audit --format table": expect.any(Number),
      "audit --format json": expect.any(Number),
      replace: 0,
      offboard: 0,
      "verify, expired": 4,
    });
  });

  test("is printed or shown by any command, but for the seed where --show-seed asks for it", () => {
    expect(found(printed)).toEqual(["the seed of bob in enroll --show-seed, given up"]);
  });

  test.runIf(SEES_PROCESSES)("stands in any command line while they run", () => {
    const lines = new Map([...lookout.seen].filter(([where]) => where.startsWith("the command line")));
    expect([...lines.values()].some((line) => line.includes("aws-mfa.js"))).toBe(true);
    expect(found(lines)).toEqual([]);
  });

  test("lies in any file, at any time, but for the access keys that were there and the session that is kept", () => {
    const files = new Map([...lookout.seen].filter(([where]) => !where.startsWith("the command line")));
    const own = (where: string) =>
      where.includes(join(".aws", "credentials")) ||
      where.includes(join(".cache", "aws-mfa-stack", "sessions"));
    expect(found(new Map([...files].filter(([where]) => !own(where))))).toEqual([]);
  });

  test("of a session that is kept stands beside the long-term keys", async () => {
    const kept = filesBelow(join(alice.home, ".cache", "aws-mfa-stack", "sessions"));
    const texts = await Promise.all(kept.map((path) => readFile(path, "utf8")));
    expect(texts.filter((text) => text.includes("SessionToken"))).toHaveLength(1);
    for (const text of texts) expect(text).not.toContain(alice.keys.secret);
  });
});
