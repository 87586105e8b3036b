import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { IAM } from "@aws-sdk/client-iam";
import { tagReplacement } from "../../cli/aws/replacement-tag";
import { COMMAND } from "../../cli/testing/command";
import { ACCOUNT, type Fixture, type Keys, openFixture, STACK } from "../../cli/testing/fixture";
import { type PtySession, spawnOnPty } from "../../cli/testing/pty";
import { enableDevice } from "../../local/demo/member";
import { inTurn, oneOf } from "../random";
import type { AttackClass } from "./class";

const ACCOUNT_ARN = `arn:aws:iam::${ACCOUNT}:`;
const DIFFERENT = `[profile mfabasedaccess]
role_arn = arn:old
[profile asks]
role_arn = ${ACCOUNT_ARN}role/MFABasedAccess
source_profile = default
mfa_serial = ${ACCOUNT_ARN}mfa/carol
`;

/** Whoever starts the command: it gets the signal itself, or a shell keeps it away and only the terminal is gone. */
const SHELLS = ['exec "$0" "$@"', 'trap "" HUP; "$0" "$@"; exit $?'] as const;

/** Bob's device is being replaced, carol's is enabled, and dora is no user of the stack. */
const USERS = ["alice", "bob", "carol", "dora"] as const;
type User = (typeof USERS)[number];

interface Prompt {
  readonly args: readonly string[];
  /** Whose access keys the command has; without, an administrator's. */
  readonly as?: User;
  readonly question: string;
  /** Prepares what it finds. `start` starts the same command earlier. */
  readonly found?: (start: () => PtySession) => Promise<void>;
  /** Goes on to a later question. */
  readonly goOn?: (session: PtySession) => Promise<void>;
}

export const closedTerminal: AttackClass = {
  name: "closed-terminal",
  attack: "The terminal is closed at any prompt of any command, with or without SIGHUP.",
  holds:
    "The command exits as for SIGHUP, and Node.js never aborts, since a core dump would contain secrets. No lock is left, and `~/.aws/config` is unchanged.",
  runs: { full: 80, short: 4 },
  open: async () => {
    const fixture = await openFixture({ "aws-mfa-stack:users": ["alice", "bob", "carol"] });
    const keys = await ready(fixture);
    const prompts = promptsOf(fixture);
    return {
      attack: async (random, seed) => {
        const { args, as, question, found, goOn } = inTurn(seed, prompts);
        const { home, env } = await fixture.member(as ?? "alice", keys[as ?? "alice"]);
        const config = join(home, ".aws", "config");
        await writeFile(config, DIFFERENT);
        const error = join(home, "error");
        const script = `ulimit -c 0; exec 2>"${error}"; ${oneOf(random, SHELLS)}`;
        const start = () =>
          spawnOnPty("/bin/sh", ["-c", script, process.execPath, COMMAND, ...args], {
            env: {
              ...env,
              ...(as ? {} : fixture.administrator),
              HOME: home,
              XDG_CACHE_HOME: join(home, ".cache"),
            },
          });
        await found?.(start);
        const session = start();
        await goOn?.(session);
        await session.sees(question);
        if (random(2) === 0) session.presses("12");
        await setTimeout(random(100));
        session.closes();
        const code = await session.ends();
        const said = await readFile(error, "utf8");
        if (code !== 129 || /Assertion|node:/.test(said))
          throw new Error(`${args.join(" ")} ended with ${code}: ${said}`);
        const locks = (await readdir(home, { recursive: true })).filter((name) => name.endsWith(".lock"));
        if (locks.length > 0) throw new Error(`${args[0]} left ${locks.join(", ")}`);
        if ((await readFile(config, "utf8")) !== DIFFERENT) throw new Error(`${args[0]} changed ${config}`);
      },
      close: () => fixture.close(),
    };
  },
};

async function ready({ iam, seedOf, member }: Fixture): Promise<Readonly<Record<User, Keys>>> {
  await tagReplacement({ iam }, "bob", "2020-01-01T00:00:00Z");
  await enableDevice(iam, "carol", `${ACCOUNT_ARN}mfa/carol`, await seedOf("carol"));
  await iam.createUser({ UserName: "dora" });
  await iam.addUserToGroup({ UserName: "dora", GroupName: "MFA" });
  const keysOf = async (user: User) => (await member(user)).keys;
  return {
    alice: await keysOf("alice"),
    bob: await keysOf("bob"),
    carol: await keysOf("carol"),
    dora: await keysOf("dora"),
  };
}

const FIRST = "Code shown by the app:";
const SECOND = "Next code";

function promptsOf({ iam, stack }: Fixture): readonly [Prompt, ...Prompt[]] {
  const of = (user: User) => [user, "--stack", STACK, "--project", stack.folder];
  const toTheSecond = async (session: PtySession) => {
    await session.sees(FIRST);
    session.answers("123456");
  };
  const toTheCodes = async (session: PtySession) => {
    await session.sees("as planned?");
    session.answers("y");
  };
  const self: Prompt = {
    args: ["enroll", "--self"],
    as: "dora",
    question: FIRST,
    found: () => withoutDevice(iam),
  };
  return [
    { args: ["profile", ...of("alice")], question: "Change the profile" },
    { args: ["enroll", ...of("alice")], question: FIRST },
    { args: ["enroll", ...of("alice"), "--show-seed"], question: SECOND, goOn: toTheSecond },
    { args: ["replace", ...of("alice")], question: "as planned?" },
    { args: ["replace", ...of("bob")], question: FIRST, goOn: toTheCodes },
    { args: ["offboard", ...of("alice")], question: "as planned?" },
    { args: ["session"], as: "carol", question: "MFA code for" },
    { args: ["keys", "rotate"], as: "carol", question: "MFA code for" },
    { args: ["verify", "asks"], as: "carol", question: "MFA code for" },
    { args: ["exec", "asks", "--", "true"], as: "carol", question: "MFA code for" },
    { args: ["audit", "--profile", "asks"], as: "carol", question: "MFA code for" },
    // The stack's device, whose QR code an administrator has handed out.
    { args: ["enroll", "--self"], as: "alice", question: FIRST },
    // One that is made now, with its QR code on the screen.
    self,
    { ...self, question: SECOND, goOn: toTheSecond },
    {
      ...self,
      question: "Do you have the QR code",
      found: async (start) => {
        await withoutDevice(iam);
        const earlier = start();
        await earlier.sees(FIRST);
        earlier.closes();
        await earlier.ends();
      },
    },
  ];
}

async function withoutDevice(iam: IAM): Promise<void> {
  const SerialNumber = `${ACCOUNT_ARN}mfa/dora`;
  await iam.deleteVirtualMFADevice({ SerialNumber }).catch(() => {});
}
