import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { IAM } from "@aws-sdk/client-iam";
import { STS } from "@aws-sdk/client-sts";
import { type AwsWithFaults, awsWithFaults } from "../../cli/testing/aws-with-faults";
import { COMMAND, runPlain } from "../../cli/testing/command";
import { ACCOUNT, type Keys, openFixture } from "../../cli/testing/fixture";
import { codeOf, enableDevice } from "../../local/demo/member";
import { oneOf, type Random } from "../random";
import type { AttackClass } from "./class";

const USER = "alice";
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const;

/** The calls of a rotation. One that AWS has got is carried out, whether anybody hears of it or not. */
const CALLS = [
  "GetSessionToken",
  "ListAccessKeys",
  "CreateAccessKey",
  "GetCallerIdentity",
  "UpdateAccessKey",
] as const;
/** How long a rotation takes after the key was created, and in all, in milliseconds. */
const AFTER_CREATION_MS = 400;
const LONGEST_MS = 3_000;

export const rotation: AttackClass = {
  name: "rotation",
  attack:
    "`aws-mfa keys rotate` receives SIGINT, SIGTERM, SIGHUP or SIGKILL at any moment, or while AWS carries out one of its calls, and is run again.",
  holds:
    "The profile has a complete key that AWS accepts, at every moment. The second run finishes the rotation, with `--discard` if a key's secret never arrived. The old key is inactive, the rest of the file is unchanged, and no other file is left beside it.",
  runs: { full: 100, short: 3 },
  open: async () => {
    const fixture = await openFixture({ "aws-mfa-stack:users": [USER] });
    const aws = await awsWithFaults(fixture.moto.endpoint);
    const seed = await fixture.seedOf(USER);
    await enableDevice(fixture.iam, USER, `arn:aws:iam::${ACCOUNT}:mfa/${USER}`, seed);
    return {
      attack: async (random) => {
        await removeKeys(fixture.iam);
        const { home, env: base, keys: old } = await fixture.member(USER);
        const env = { ...base, AWS_ENDPOINT_URL: aws.endpoint };
        const file = join(home, ".aws", "credentials");
        await writeFile(file, text(old));
        const keys = () => keysIn(file);
        const again = (...more: string[]) =>
          runPlain(["keys", "rotate", "--code", "--yes", ...more], { env, input: `${codeOf(seed)}\n` });

        const first = spawn(process.execPath, [COMMAND, "keys", "rotate", "--code", "--yes"], {
          env,
          stdio: ["pipe", "ignore", "ignore"],
        });
        const ended = once(first, "close");
        first.stdin.on("error", () => {}).end(`${codeOf(seed)}\n`);
        await killedSomewhere(first, ended, aws, random);
        await assertWorks(await keys(), fixture.moto.endpoint);

        let second = await again();
        const lost = /--discard (\w+)/.exec(second.stderr)?.[1];
        if (lost) second = await again("--discard", lost);
        // The first run may have come to its end before it was killed.
        const wasDone = second.code === 1 && second.stderr.includes("keys delete-old");
        if (second.code !== 0 && !wasDone)
          throw new Error(`the second run ended with ${second.code}: ${second.stderr}`);
        const next = await keys();
        await assertWorks(next, fixture.moto.endpoint);
        const found = (await accessKeys(fixture.iam)).map(
          ({ AccessKeyId, Status }) => `${AccessKeyId} ${Status}`,
        );
        const expected = [`${next.id} Active`, `${old.id} Inactive`];
        if (found.sort().join() !== expected.sort().join())
          throw new Error(`the keys are ${found.join(", ")}`);
        const left = (await readdir(home, { recursive: true })).filter((name) =>
          /access-key|\.(lock|tmp|bak)$/.test(name),
        );
        if (left.length > 0) throw new Error(`there is ${left.join(", ")} afterwards`);
      },
      close: async () => {
        await aws.close();
        await fixture.close();
      },
    };
  },
};

const text = ({ id, secret }: Keys) =>
  `# mine\n[work]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n\n[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n\n[last]\n`;

/** Rejects where the file is any but complete. */
async function keysIn(file: string): Promise<Keys> {
  const found = await readFile(file, "utf8");
  const [, id = "", secret = ""] =
    /\[default\]\naws_access_key_id = (\S+)\naws_secret_access_key = (\S+)/.exec(found) ?? [];
  if (found !== text({ id, secret })) throw new Error("the credentials file is not complete");
  return { id, secret };
}

async function killedSomewhere(
  child: ChildProcess,
  ended: Promise<unknown>,
  aws: AwsWithFaults,
  random: Random,
) {
  const call = oneOf(random, [...CALLS, "after creation", "any moment"] as const);
  if (call === "any moment") {
    await Promise.race([ended, setTimeout(random(LONGEST_MS))]);
  } else {
    const held = call === "after creation" ? "CreateAccessKey" : call;
    aws.hold(held);
    await Promise.race([ended, aws.held(held)]);
    if (call === "after creation") {
      aws.release(held);
      await Promise.race([ended, setTimeout(random(AFTER_CREATION_MS))]);
    }
  }
  child.kill(oneOf(random, SIGNALS));
  await ended;
  for (const each of CALLS) aws.release(each);
}

async function assertWorks({ id, secret }: Keys, endpoint: string): Promise<void> {
  const credentials = { accessKeyId: id, secretAccessKey: secret };
  const sts = new STS({ endpoint, region: "us-east-1", credentials });
  try {
    await sts.getCallerIdentity();
  } catch {
    throw new Error(`the profile has ${id}, which AWS does not accept`);
  } finally {
    sts.destroy();
  }
}

async function accessKeys(iam: IAM) {
  return (await iam.listAccessKeys({ UserName: USER })).AccessKeyMetadata ?? [];
}

async function removeKeys(iam: IAM): Promise<void> {
  for (const { AccessKeyId } of await accessKeys(iam)) {
    await iam.deleteAccessKey({ UserName: USER, AccessKeyId });
  }
}
