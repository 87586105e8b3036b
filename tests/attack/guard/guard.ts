import {
  AddUserToGroupCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { mfaAccess } from "../../../infra/stack";
import { localClient } from "../../../local/aws/root";
import { EngineFailure } from "../../../local/engine/failure";
import { type LocalStack, openStack } from "../../../local/engine/stack";
import { startMoto } from "../../../local/moto/server";
import type { Random } from "../../random";
import type { AttackClass } from "../class";
import { isUnguarded, people } from "./account";
import { recordAws } from "./calls";
import { type Configuration, configuration, EXISTING } from "./configurations";

const ADMINISTRATOR = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
});

/** Put into the group by hand: the stack does not know them, and has to leave them guarded. */
const BY_HAND = "zoe";

/** How often, of `OUT_OF` attacks, AWS refuses whatever comes after some call of the update. */
const STOPPED = 3;
const OUT_OF = 4;

export const guard: AttackClass = {
  name: "guard",
  attack:
    "`pulumi up` takes the stack from one random configuration to another. Mostly AWS refuses all that comes after some call, and `up` is run again.",
  holds:
    "After each call nobody who is or was a member, has active keys and was not released may do without MFA what the guard forbids. The last `up` ends as configured.",
  runs: { full: 4, short: 1 },
  open: async () => {
    const moto = await startMoto();
    const iam = new IAMClient(localClient(moto.endpoint));
    return {
      attack: (random) => attack(random, iam, moto.endpoint),
      close: async () => {
        iam.destroy();
        await moto.stop();
      },
    };
  },
};

async function attack(random: Random, iam: IAMClient, endpoint: string): Promise<void> {
  await fetch(`${endpoint}/moto-api/reset`, { method: "POST" });
  for (const name of [...EXISTING, BY_HAND]) {
    await iam.send(new CreateUserCommand({ UserName: name }));
    await arm(iam, name);
  }
  const first = configuration(random);
  const second = configuration(random, first);

  const watch = new Watch(iam, [...first.releaseUsers, ...second.releaseUsers]);
  const aws = await recordAws(endpoint, (call) => watch.look(call));
  try {
    const stack = await openStack({
      program: async () => ({ ...(await mfaAccess()) }),
      endpoint: aws.endpoint,
      config: namespaced(first),
    });
    try {
      await stack.up();
      for (const { name, existing } of first.users) if (!existing) await arm(iam, name);
      await iam.send(new AddUserToGroupCommand({ UserName: BY_HAND, GroupName: first.groupName }));
      await watch.look("the first up");

      await stack.configure(namespaced(second));
      const most = random(OUT_OF) < STOPPED ? random(40) : Number.POSITIVE_INFINITY;
      aws.begin(most);
      const stopped = await isRefused(stack);
      watch.assertHeld(first, second, aws.calls);
      if (stopped) {
        if (aws.calls.length < most) throw new Error(`up failed by itself: ${stopped}`);
        aws.begin(Number.POSITIVE_INFINITY);
        await stack.up();
        watch.assertHeld(first, second, [`refused after ${most}`, ...aws.calls]);
      }
      await assertAsConfigured(iam, first, second);
    } finally {
      await stack.close();
    }
  } finally {
    await aws.close();
  }
}

/** Gives a user everything, and keys to do it with. */
async function arm(iam: IAMClient, UserName: string): Promise<void> {
  await iam.send(new CreateAccessKeyCommand({ UserName }));
  await iam.send(
    new PutUserPolicyCommand({ UserName, PolicyName: "administrator", PolicyDocument: ADMINISTRATOR }),
  );
}

/** Looks after each call at everybody who has ever been in a group of the stack. */
class Watch {
  readonly #members = new Set<string>();
  readonly #unguarded: string[] = [];

  constructor(
    readonly iam: IAMClient,
    readonly released: readonly string[],
  ) {}

  async look(call: string): Promise<void> {
    for (const person of await people(this.iam)) {
      if (person.groups.some((group) => group.endsWith("MFA"))) this.#members.add(person.name);
      if (!this.#members.has(person.name) || this.released.includes(person.name) || !person.hasActiveKey)
        continue;
      if (await isUnguarded(person)) this.#unguarded.push(`${person.name} after ${call}`);
    }
  }

  assertHeld(first: Configuration, second: Configuration, calls: readonly string[]): void {
    if (this.#unguarded.length === 0) return;
    const [from, to] = [JSON.stringify(first), JSON.stringify(second)];
    throw new Error(`unguarded: ${this.#unguarded.join("; ")}\nfrom ${from}\nto ${to}\n${calls.join("\n")}`);
  }
}

/** What the engine printed where it failed. */
async function isRefused(stack: LocalStack): Promise<string | undefined> {
  try {
    await stack.up();
    return undefined;
  } catch (error) {
    if (error instanceof EngineFailure) return error.printed;
    throw error;
  }
}

async function assertAsConfigured(
  iam: IAMClient,
  first: Configuration,
  second: Configuration,
): Promise<void> {
  const found = await people(iam);
  const members = found.filter(({ groups }) => groups.includes(second.groupName)).map(({ name }) => name);
  const listed = second.users.map(({ name }) => name);
  const stay = [...EXISTING, BY_HAND, ...second.releaseUsers, ...listed];
  assertSame("members", members, [BY_HAND, ...listed]);
  assertSame(
    "users",
    found.map(({ name }) => name),
    stay,
  );
  const kept = first.users.map(({ name }) => name).filter((name) => stay.includes(name));
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
