import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { IAM } from "@aws-sdk/client-iam";
import { localClient } from "../../../local/aws/root";
import { startLocalAws } from "../../../local/aws/server";
import { EngineFailure } from "../../../local/engine/failure";
import { type LocalStack, openStack } from "../../../local/engine/stack";
import { mfaAccess } from "../../../stack/stack";
import { oneOf, type Random, randomFrom } from "../../random";
import type { AttackClass } from "../class";
import { isUnguarded, people } from "./account";
import { type RecordedAws, recordAws } from "./calls";
import { type Configuration, configuration, EXISTING } from "./configurations";
import { killEngine } from "./kill";
import { type Renaming, repair, repairState } from "./repair";

const ADMINISTRATOR = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
});

/** Put into the group by hand: the stack does not know them, and has to leave them guarded. */
const BY_HAND = "zoe";

/** How an update ends: by itself, or after some of its calls. */
type End = "by itself" | "refused" | "killed";
const ENDS: readonly [End, ...End[]] = ["by itself", "refused", "refused", "killed", "killed", "killed"];
/** Fewer than most updates make. */
const CALLS = 16;
/** How long after a call an engine may still write its state until it is killed. */
const LATEST_MS = 60;

export const guard: AttackClass = {
  name: "guard",
  attack:
    "`pulumi up` takes the stack from nothing or one random configuration to another. In most runs AWS rejects every call after a random one, or the engine and its providers get SIGKILL at that call, and `up` is run again.",
  holds:
    "After each call, no current or former member with active keys who was not released can do without MFA what the guard denies. The last `up` reaches the configuration, with no repairs other than those in [stack.md](stack.md#after-an-interruption).",
  runs: { full: 60, short: 1 },
  open: async () => {
    const local = await startLocalAws();
    const iam = new IAM(localClient(local.endpoint));
    const watch = new Watch(iam);
    const aws = await recordAws(local.endpoint, (call) => watch.look(call));
    const stack = await openStack({
      program: async () => ({ ...(await mfaAccess()) }),
      endpoint: aws.endpoint,
    });
    const backend = join(stack.folder, ".pulumi");
    const saved = (name: string) => join(stack.folder, "saved", name);
    const save = (name: string) => cp(backend, saved(name), { recursive: true });
    const restore = async (name: string) => {
      await rm(backend, { recursive: true });
      await cp(saved(name), backend, { recursive: true });
    };
    await save(NOTHING);

    const deployed = new Map<number, () => Promise<void>>();
    /** A stack that is deployed when it is first asked for: later its state is copied, and its calls are made once more. */
    const base = async (nth: number): Promise<Configuration> => {
      const config = configuration(randomFrom(nth + 1));
      const replay = deployed.get(nth);
      if (replay) {
        await restore(String(nth));
        await replay();
      } else {
        await stack.configure(namespaced(config));
        aws.begin();
        await stack.up();
        deployed.set(nth, aws.replay());
        await save(String(nth));
      }
      for (const { name, existing } of config.users) if (!existing) await arm(iam, name);
      await iam.addUserToGroup({ UserName: BY_HAND, GroupName: config.groupName });
      return config;
    };
    return {
      attack: async (random) => {
        await local.reset();
        await restore(NOTHING);
        watch.begin();
        for (const name of [...EXISTING, BY_HAND]) {
          await iam.createUser({ UserName: name });
          await arm(iam, name);
        }
        const before = random(4) === 0 ? undefined : await base(random(BASES));
        await attack(random, { iam, aws, stack, watch }, before);
      },
      close: async () => {
        await stack.close();
        await aws.close();
        iam.destroy();
        await local.stop();
      },
    };
  },
};

/** The name of the state in which nothing is deployed. */
const NOTHING = "nothing";
/** How many stacks the attacks begin with. */
const BASES = 6;

interface Target {
  readonly iam: IAM;
  readonly aws: RecordedAws;
  readonly watch: Watch;
  readonly stack: LocalStack;
}

/** @param before what is deployed, if anything */
async function attack(random: Random, place: Target, before: Configuration | undefined): Promise<void> {
  const { iam, stack, watch } = place;
  const after = configuration(random, before);
  watch.release(after.releaseUsers);
  await watch.look("what was before");
  await stack.configure(namespaced(after));
  const renaming = { from: before?.groupName ?? after.groupName, to: after.groupName };
  const story = await update(random, place, renaming);
  await watch.look("all");
  watch.assertHeld([before, after], story);
  await assertAsConfigured(iam, before, after);
}

/** Runs `up`, and where it is stopped again until it ends by itself. Gives what was done, step by step. */
async function update(random: Random, { iam, aws, stack }: Target, group: Renaming): Promise<string[]> {
  const end = oneOf(random, ENDS);
  const most = end === "by itself" ? Number.POSITIVE_INFINITY : 1 + random(CALLS);
  const after = random(2) * random(LATEST_MS);
  let timer: NodeJS.Timeout | undefined;
  aws.begin(most, () => {
    if (end !== "killed") return;
    if (after === 0) killEngine();
    else timer = setTimeout(killEngine, after);
  });
  const story: string[] = [];
  let failed = await failureOf(stack);
  clearTimeout(timer);
  story.push(...aws.calls);
  if (failed === undefined) return story;
  if (aws.calls.length < most) throw new Error(`up failed by itself: ${failed}`);
  story.push(`${end} ${after} ms after that`);
  if (end === "killed") story.push(...(await repairState(stack)));
  // Each run may stumble over one thing of each kind.
  for (let nth = 0; nth < REPAIRS; nth++) {
    aws.begin();
    failed = await failureOf(stack);
    story.push(...aws.calls);
    if (failed === undefined) return story;
    const repaired = end === "killed" ? await repair(iam, failed, group) : [];
    if (repaired.length === 0) break;
    story.push(...repaired);
  }
  throw new Error(`up does not end after ${story.join("; ")}:\n${failed}`);
}

const REPAIRS = 5;

/** Gives a user everything, and keys to do it with. */
async function arm(iam: IAM, UserName: string): Promise<void> {
  await iam.createAccessKey({ UserName });
  await iam.putUserPolicy({ UserName, PolicyName: "administrator", PolicyDocument: ADMINISTRATOR });
}

/** Looks after each call at everybody who has ever been in a group of the stack. */
class Watch {
  readonly #members = new Set<string>();
  readonly #unguarded: string[] = [];

  #released: readonly string[] = [];

  constructor(readonly iam: IAM) {}

  /** Forgets everybody. */
  begin(): void {
    this.#members.clear();
    this.#unguarded.length = 0;
    this.#released = [];
  }

  /** From now on these may be without the guard. */
  release(users: readonly string[]): void {
    this.#released = users;
  }

  async look(call: string): Promise<void> {
    for (const person of await people(this.iam)) {
      if (person.groups.some((group) => group.endsWith("MFA"))) this.#members.add(person.name);
      if (!this.#members.has(person.name) || this.#released.includes(person.name) || !person.hasActiveKey)
        continue;
      if (await isUnguarded(person)) this.#unguarded.push(`${person.name} after ${call}`);
    }
  }

  assertHeld(configurations: readonly (Configuration | undefined)[], story: readonly string[]): void {
    if (this.#unguarded.length === 0) return;
    throw new Error(
      `unguarded: ${this.#unguarded.join("; ")}\n${JSON.stringify(configurations)}\n${story.join("\n")}`,
    );
  }
}

/** What the engine printed, where it failed or was killed. */
async function failureOf(stack: LocalStack): Promise<string | undefined> {
  try {
    await stack.up();
    return undefined;
  } catch (error) {
    if (error instanceof EngineFailure) return error.printed;
    throw error;
  }
}

async function assertAsConfigured(
  iam: IAM,
  before: Configuration | undefined,
  after: Configuration,
): Promise<void> {
  const found = await people(iam);
  const members = found.filter(({ groups }) => groups.includes(after.groupName)).map(({ name }) => name);
  const listed = after.users.map(({ name }) => name);
  const stay = [...EXISTING, BY_HAND, ...after.releaseUsers, ...listed];
  assertSame("members", members, [...(before ? [BY_HAND] : []), ...listed]);
  assertSame(
    "users",
    found.map(({ name }) => name),
    stay,
  );
  const kept = (before?.users ?? []).map(({ name }) => name).filter((name) => stay.includes(name));
  const silenced = kept.filter(
    (name) => !found.some((person) => person.name === name && person.hasActiveKey),
  );
  assertSame("users whose keys became inactive", silenced, []);
}

function assertSame(what: string, found: readonly string[], expected: readonly string[]): void {
  const [a, b] = [[...new Set(found)].sort().join(), [...new Set(expected)].sort().join()];
  if (a !== b) throw new Error(`${what}: expected ${b || "none"}, got ${a || "none"}`);
}

function namespaced(config: Configuration): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [`aws-mfa-stack:${key}`, value]));
}
