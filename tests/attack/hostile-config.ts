import { chmod, chown, lstat, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { COMMAND } from "../../cli/testing/command";
import { inTurn, type Random } from "../random";
import type { AttackClass } from "./class";
import { type ConfigHome, configHome, PROFILE } from "./config-home";

/** Longer than any run takes that does not hang, and far shorter than one whose time grows with the square of the size. */
const HANGS_MS = 60_000;

/** Somebody who is neither root nor has anything here. Only root can give files to them. */
const NOBODY = 65534;

interface Trap {
  readonly name: string;
  /** What the file has in it. */
  readonly text?: (random: Random) => string;
  /** Puts it, or what leads to it, in its place. */
  readonly set?: (home: ConfigHome) => Promise<unknown>;
  /** Whether the profile gets in. */
  readonly taken: boolean;
}

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join("");

const moved = async ({ config }: ConfigHome, target: string) => {
  await execa("mv", [config, target]);
  await symlink(target, config);
};

const TRAPS: readonly [Trap, ...Trap[]] = [
  { name: "a link to an own file", set: (home) => moved(home, join(home.home, "dotfiles")), taken: true },
  {
    name: "a loop of links",
    set: ({ config }) => rm(config).then(() => symlink("config", config)),
    taken: false,
  },
  {
    name: "a link to nothing",
    set: ({ config }) => rm(config).then(() => symlink("nothing", config)),
    taken: false,
  },
  {
    name: "a pipe",
    set: ({ config }) => execa("sh", ["-c", 'rm "$0" && mkfifo "$0"', config]),
    taken: false,
  },
  {
    name: "a link to a pipe",
    set: ({ config }) => execa("sh", ["-c", 'rm "$0" && mkfifo "$0.pipe" && ln -s config.pipe "$0"', config]),
    taken: false,
  },
  { name: "a read-only file", set: ({ config }) => chmod(config, 0o400), taken: false },
  {
    name: "20,000 profiles",
    text: (random) => lines(20_000, (index) => `[profile p${index}]\nregion = r${random(9)}\n`),
    taken: true,
  },
  {
    name: "a line of 200,000 spaces",
    text: (random) => `[default]\nregion = a${" ".repeat(200_000 + random(9))}b\n`,
    taken: true,
  },
  {
    name: "10 MB of comments",
    text: () => `[default]\n${lines(400_000, () => "# a comment of 25 letters\n")}`,
    taken: true,
  },
  {
    name: "17 MB",
    text: () => `[default]\n${lines(680_000, () => "# a comment of 25 letters\n")}`,
    taken: false,
  },
  {
    name: "50,000 settings in a profile",
    text: (random) => `[default]\n${lines(50_000, (index) => `s${index} = ${random(9)}\n`)}`,
    taken: true,
  },
  {
    name: "100,000 lines of one value",
    text: () => `[default]\ns3 =\n${lines(100_000, (index) => `  k${index} = 1\n`)}`,
    taken: true,
  },
  { name: "a header that does not end", text: () => `[${" ".repeat(200_000)}\n`, taken: false },
  {
    name: "bytes that are no text",
    set: ({ config }) => writeFile(config, Buffer.from([0xff, 0xfe, 0x00])),
    taken: false,
  },
  ...(process.getuid?.() === 0
    ? [
        {
          name: "a file of somebody else",
          set: ({ config }: ConfigHome) => chown(config, 1, 1),
          taken: false,
        },
      ]
    : []),
];

export const hostileConfig: AttackClass = {
  name: "hostile-config",
  attack:
    "`~/.aws/config` is a link, a loop of links, a pipe, read-only or owned by another user, or has 20,000 profiles, a line of 200,000 spaces, 10 or 17 MB, or no text.",
  holds:
    "The profile is added and a link remains a link; or the command says why not, with exit code 7, and changes nothing. It never hangs.",
  runs: { full: 60, short: 6 },
  open: async (folder) => {
    await chmod(folder, 0o711);
    return {
      attack: async (random, seed) => {
        const { name, text, set, taken } = inTurn(seed, TRAPS);
        const home = await configHome(folder, text?.(random) ?? "[default]\nregion = eu-central-1\n");
        await set?.(home);
        const as = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
        if (process.getuid?.() === 0)
          await execa("chown", ["-hR", `--from=0:0`, `${NOBODY}:${NOBODY}`, home.home]);
        const before = await whatIsAt(home.config);
        const { exitCode, stderr, timedOut } = await execa(process.execPath, [COMMAND, ...PROFILE], {
          env: { HOME: home.home },
          extendEnv: false,
          cwd: "/",
          reject: false,
          timeout: HANGS_MS,
          killSignal: "SIGKILL",
          ...as,
        });
        if (timedOut) throw new Error(`${name}: it hangs`);
        if (exitCode !== (taken ? 0 : 7))
          throw new Error(`${name}: it ended with ${exitCode}: ${stderr.slice(0, 500)}`);
        if (taken && (await home.state()) !== "new") throw new Error(`${name}: the profile is not there`);
        const after = await whatIsAt(home.config);
        const same = taken
          ? alike(before) === alike(after)
          : JSON.stringify(before) === JSON.stringify(after);
        if (!same)
          throw new Error(
            `${name}: it was ${JSON.stringify(before).slice(0, 200)}, and is ${JSON.stringify(after).slice(0, 200)}`,
          );
      },
    };
  },
};

const alike = ({ text, ...rest }: Awaited<ReturnType<typeof whatIsAt>>) => JSON.stringify(rest);

async function whatIsAt(path: string) {
  const found = await lstat(path);
  const kind = found.isFile() ? "file" : found.isFIFO() ? "pipe" : found.isSymbolicLink() ? "link" : "other";
  return {
    kind,
    mode: found.mode,
    owner: found.uid,
    link: kind === "link" ? await readlink(path) : undefined,
    text: kind === "file" ? await readFile(path, "latin1") : undefined,
  };
}
