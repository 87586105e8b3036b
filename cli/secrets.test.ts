import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf, newKeys, twoCodes } from "../local/demo/member";
import { type AwsWithFaults, awsWithFaults, type Fault } from "./testing/aws-with-faults";
import { runPlain } from "./testing/command";
import { ACCOUNT, type Fixture, type Member, openFixture, STACK } from "./testing/fixture";
import { filesBelow, isCommandLine, SEES_PROCESSES, watchForLeaks } from "./testing/leak-watcher";
import { type PtySession, runOnPty } from "./testing/pty";

let fixture: Fixture;
let aws: AwsWithFaults;
let alice: Member;
let carol: Member;
let temporary: string;
let seed: string;
let seedOfCarol = "";

/** Each secret with its description. */
const secrets = new Map<string, string>();
function keep(what: string, secret: string): void {
  if (!secrets.has(secret)) secrets.set(secret, what);
}

beforeAll(async () => {
  fixture = await openFixture({ "aws-mfa-stack:users": ["alice", "bob"] });
  aws = await awsWithFaults(fixture.moto.endpoint);
  await fixture.iam.createUser({ UserName: "carol" });
  const { Groups = [] } = await fixture.iam.listGroupsForUser({ UserName: "alice" });
  for (const { GroupName } of Groups) {
    await fixture.iam.addUserToGroup({ GroupName, UserName: "carol" });
  }
  alice = await fixture.member("alice");
  carol = await fixture.member("carol");
  await newKeys(fixture.iam, "bob");
  temporary = join(await fixture.newHome(), "tmp");
  await mkdir(temporary);
  seed = await fixture.seedOf("alice");
  keep("the seed of alice", seed);
  keep("the seed of bob", await fixture.seedOf("bob"));
  for (const { keys } of [alice, carol]) keep(`the secret key ${keys.id}`, keys.secret);
  keep("the passphrase", fixture.administrator.PULUMI_CONFIG_PASSPHRASE ?? "");
});
afterAll(async () => {
  await aws?.close();
  await fixture?.close();
});

interface Run {
  readonly as: () => Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** What AWS refuses meanwhile. */
  readonly refused?: readonly [action: string, fault: Fault];
  /** The exit code. Without it, any. */
  readonly code?: number;
  /** What the person at the terminal does. Without it, there is no terminal. */
  readonly sits?: (terminal: PtySession) => Promise<void>;
  readonly input?: () => string;
  /** What it is asked to show. */
  readonly shows?: string;
}

const administrator = () => fixture.administrator;
const asAlice = () => alice.env;
const atAlices = () => ({ ...fixture.administrator, HOME: alice.home });
const of = (user: string) => [user, ...ofStack()];
const ofStack = () => ["--stack", STACK];
const watches = async () => {};

const types =
  (...answers: readonly (readonly [prompt: string, answer: () => string])[]) =>
  async (terminal: PtySession) => {
    for (const [prompt, answer] of answers) {
      await terminal.sees(prompt);
      terminal.answers(answer());
    }
  };
const codes = (of: () => string) =>
  types(["Code shown by the app:", () => twoCodes(of())[0]], ["Next code", () => twoCodes(of())[1]]);
const code = types(["MFA code for", () => codeOf(seed)]);
const codeOfCarol = types(["MFA code for", () => codeOf(seedOfCarol)]);
const givesUp = (at: string) => async (terminal: PtySession) => {
  await terminal.sees(at);
  terminal.presses("\x03");
};

const DENIED: Fault = {
  status: 403,
  code: "AccessDenied",
  message: `User: arn:aws:iam::${ACCOUNT}:user/alice is not authorized to perform: sts:AssumeRole`,
};
const EXPIRED: Fault = {
  status: 403,
  code: "ExpiredToken",
  message: "The security token included in the request is expired",
};

/** As people run them, one after the other. */
const RUNS: Readonly<Record<string, Run>> = {
  "enroll, interrupted": {
    as: administrator,
    args: ["enroll", ...of("alice")],
    sits: givesUp("Code shown by the app:"),
    code: 130,
  },
  "enroll --show-seed, interrupted": {
    as: administrator,
    args: ["enroll", ...of("bob"), "--show-seed"],
    sits: givesUp("Seed: "),
    code: 130,
    shows: "the seed of bob",
  },
  "enroll with wrong codes": {
    as: administrator,
    args: ["enroll", ...of("alice"), "--codes"],
    input: () => "123456\n654321\n",
    code: 1,
  },
  enroll: { as: administrator, args: ["enroll", ...of("alice")], sits: codes(() => seed), code: 0 },
  "enroll --self": {
    as: () => carol.env,
    args: ["enroll", "--self"],
    sits: codes(() => {
      seedOfCarol = seedsIn(aws.answers).at(-1) ?? "";
      return seedOfCarol;
    }),
    code: 0,
  },
  "profile --print": { as: administrator, args: ["profile", ...of("alice"), "--print"], code: 0 },
  profile: { as: atAlices, args: ["profile", ...of("alice")], code: 0 },
  verify: { as: asAlice, args: ["verify"], sits: code, code: 0 },
  "verify --json": {
    as: asAlice,
    args: ["verify", "--json", "--code"],
    input: () => `${codeOf(seed)}\n`,
    code: 0,
  },
  "verify, denied": { as: asAlice, args: ["verify"], sits: code, refused: ["AssumeRole", DENIED], code: 5 },
  session: { as: asAlice, args: ["session"], sits: code, code: 0 },
  "profile --one-code": {
    as: atAlices,
    args: ["profile", ...of("alice"), "--one-code", "--name", "day"],
    code: 0,
  },
  "verify of a one-code profile": { as: asAlice, args: ["verify", "day"], code: 0 },
  "keys rotate, interrupted": {
    as: () => carol.env,
    args: ["keys", "rotate"],
    sits: async (terminal) => {
      await codeOfCarol(terminal);
      await givesUp("as planned?")(terminal);
    },
    code: 130,
  },
  "keys rotate": {
    as: () => carol.env,
    args: ["keys", "rotate"],
    sits: async (terminal) => {
      await codeOfCarol(terminal);
      await types(["as planned?", () => "y"])(terminal);
    },
    code: 0,
  },
  status: { as: administrator, args: ["status", ...ofStack()], sits: watches, code: 0 },
  "status --json": { as: administrator, args: ["status", ...ofStack(), "--json"], code: 0 },
  "audit --format table": { as: administrator, args: ["audit", "--format", "table"] },
  "audit --format json": { as: administrator, args: ["audit", "--format", "json"] },
  replace: {
    as: administrator,
    args: ["replace", ...of("alice")],
    sits: async (terminal) => {
      await types(["Replace the device of alice as planned?", () => "y"])(terminal);
      await terminal.sees("Code shown by the app:");
      const renewed = await fixture.seedOf("alice");
      keep("the new seed of alice", renewed);
      await codes(() => renewed)(terminal);
    },
    code: 0,
  },
  offboard: { as: administrator, args: ["offboard", ...of("bob"), "--yes"], sits: watches, code: 0 },
  "verify with expired credentials": {
    as: asAlice,
    args: ["verify"],
    refused: ["GetCallerIdentity", EXPIRED],
    code: 4,
  },
};

/** Runs it, and returns what was printed and every text that was visible meanwhile, with its place. */
async function run({ as, args, refused, sits, input }: Run) {
  const project = args.includes("--stack") ? ["--project", fixture.stack.folder] : [];
  const all = [...args, ...project];
  const env = { ...as(), AWS_ENDPOINT_URL: aws.endpoint, TMPDIR: temporary };
  const lookout = watchForLeaks([temporary, alice.home, carol.home, fixture.stack.folder]);
  if (refused) aws.fail(...refused);
  try {
    if (sits === undefined) {
      const { code, stdout, stderr } = await runPlain(all, { env, ...(input && { input: input() }) });
      return { code, printed: `${stdout}\n${stderr}`, seen: lookout.seen };
    }
    const terminal = runOnPty(all, { env });
    await sits(terminal);
    return { code: await terminal.ends(), printed: terminal.everything(), seen: lookout.seen };
  } finally {
    if (refused) aws.fail(refused[0], undefined);
    lookout.stop();
    keepWhatAwsGave();
  }
}

function keepWhatAwsGave(): void {
  for (const answer of aws.answers) {
    for (const [, name, value = ""] of answer.matchAll(/<(SecretAccessKey|SessionToken)>([^<]+)</g)) {
      keep(`a ${name} that AWS gave`, value);
    }
  }
  for (const each of seedsIn(aws.answers)) keep("a seed that AWS gave", each);
}

/** IAM returns the text of a seed in Base64. */
function seedsIn(answers: readonly string[]): string[] {
  return [...answers.join("\n").matchAll(/<Base32StringSeed>([^<]+)</g)].map(([, value = ""]) =>
    Buffer.from(value, "base64").toString("latin1"),
  );
}

/** The names of the secrets in the text. */
const secretsIn = (text: string) =>
  [...secrets].flatMap(([secret, name]) => (text.includes(secret) ? [name] : []));

/** Where secrets belong: the credentials file, the file that replaces it, and the caches of sessions and new keys. */
const isTheirs = (where: string) =>
  [
    join(".aws", "credentials"),
    join(".aws", ".aws-mfa."),
    ...["keys", "sessions"].map((each) => join(".cache", "aws-mfa-stack", each)),
  ].some((each) => where.includes(each));

describe("no secret", () => {
  test.each(Object.entries(RUNS))("leaks from aws-mfa %s", async (_, each) => {
    const { code, printed, seen } = await run(each);
    expect(code, printed).toEqual(each.code ?? expect.any(Number));
    expect(secretsIn(printed)).toEqual(each.shows === undefined ? [] : [each.shows]);
    const texts = [...seen].map(([text, where]) => ({ text, where }));
    const lines = texts.filter(({ where }) => isCommandLine(where));
    if (SEES_PROCESSES) expect(lines.some(({ text }) => text.includes("aws-mfa.js"))).toBe(true);
    const found = texts
      .filter(({ where }) => !isTheirs(where))
      .flatMap(({ text, where }) => secretsIn(text).map((secret) => `${secret} in ${where}`));
    expect(found).toEqual([]);
  });

  test("is missing from the search", () => {
    for (const [secret, name] of secrets) expect(secret.length, name).toBeGreaterThan(15);
    const names = [...secrets.values()].join();
    for (const each of ["SessionToken", "the new seed of alice", "a seed that AWS gave"])
      expect(names).toContain(each);
  });

  test("of the long-term access key is in the session cache", async () => {
    const kept = filesBelow(join(alice.home, ".cache", "aws-mfa-stack", "sessions"));
    const texts = await Promise.all(kept.map((path) => readFile(path, "utf8")));
    expect(texts.filter((text) => text.includes("SessionToken"))).toHaveLength(1);
    for (const text of texts) expect(text).not.toContain(alice.keys.secret);
  });
});
