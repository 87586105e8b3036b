import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { SemVer } from "semver";
import { cached, preparedFolder } from "../cache";
import { oncePerEnvironment } from "../once-per-environment";
import { withProgress } from "../progress";
import { reason, Unavailable } from "../unavailable";
import { buildPulumi, type End, VERSIONS } from "./build";

const INSTALLER = "https://get.pulumi.com/install.sh";
/** What starts programs and plugins that are written for Node; the official CLI has its own beside its binary. */
const LAUNCHERS = join(__dirname, "launchers");

/** How long the official installer's host may take to answer before it counts as out of reach. */
const REACH_MS = 4_000;
/** How long the official installer may take for its download of about 100 MB. */
const INSTALL_MS = 5 * 60_000;

export interface PulumiCli {
  /** For the Automation API. */
  readonly command: PulumiCommand;
  /**
   * The PATH on which `pulumi` is this CLI, and finds a language host for Node: its own, or else the stand-in for the official
   * one, which is no released Go module. The engine takes the first that it finds.
   */
  readonly path: string;
}

/**
 * The Pulumi CLI that `AWS_MFA_PULUMI` asks for: `pinned`, the newest version that this project knows, or `oldest`, the oldest
 * that it supports. By default the one on PATH, where there is one that is not older than that, and else the pinned one.
 *
 * What is not on PATH is kept from an earlier run, or the official installer downloads it, or it is built from Go modules.
 * Throws `Unavailable` with each way that was tried and what to install.
 */
export const pulumiCli: () => Promise<PulumiCli> = oncePerEnvironment(async () => {
  const asked = process.env.AWS_MFA_PULUMI ?? "";
  switch (asked) {
    case "":
      return firstOf([{ way: "on PATH", obtain: onPath }, ...waysTo("newest")]);
    case "pinned":
      return firstOf(waysTo("newest"));
    case "oldest":
      return firstOf(waysTo("oldest"));
    default:
      throw new Unavailable(
        `AWS_MFA_PULUMI is "${asked}".`,
        "Set it to pinned or oldest, or leave it out for the Pulumi CLI on PATH.",
      );
  }
});

interface Way {
  readonly way: string;
  readonly obtain: () => Promise<PulumiCli>;
}

async function firstOf(ways: readonly Way[]): Promise<PulumiCli> {
  const failures: string[] = [];
  for (const { way, obtain } of ways) {
    try {
      return await obtain();
    } catch (error) {
      failures.push(`  ${way}: ${firstLines(reason(error))}`);
    }
  }
  throw new Unavailable(
    `No Pulumi CLI could be obtained:\n${failures.join("\n")}`,
    `Install the Pulumi CLI ${VERSIONS.oldest} or newer (https://www.pulumi.com/docs/install/) or Go 1.26 or newer (https://go.dev/dl/), then run this again.`,
  );
}

async function onPath(): Promise<PulumiCli> {
  const path = process.env.PATH ?? "";
  const binary = path
    .split(delimiter)
    .map((folder) => join(folder, "pulumi"))
    .find((file) => existsSync(file));
  const command = await PulumiCommand.get();
  if (!command.version || command.version.compare(VERSIONS.oldest) < 0) {
    throw new Error(`expected ${VERSIONS.oldest} or newer, got ${command.version ?? "no version"}`);
  }
  // A package manager may link the binary alone, and not what lies beside it.
  const beside = binary ? [dirname(await realpath(binary))] : [];
  return { command, path: [...beside, path, LAUNCHERS].join(delimiter) };
}

/** What is kept comes first, however it was obtained. */
function waysTo(end: End): Way[] {
  const ways = [
    { way: "the official installer", name: `pulumi-${VERSIONS[end]}-installed`, fill: install, own: true },
    { way: "a build from Go modules", name: `pulumi-${VERSIONS[end]}-built`, fill: build, own: false },
  ].map(({ way, name, fill, own }) => ({
    way: `${way}, ${VERSIONS[end]}`,
    kept: existsSync(cached(name)),
    obtain: async () => {
      const root = await preparedFolder(name, (folder) => fill(end, folder));
      const command = await PulumiCommand.get({ root });
      const folders = own ? [join(root, "bin"), LAUNCHERS] : [LAUNCHERS, join(root, "bin")];
      return { command, path: [...folders, process.env.PATH ?? ""].join(delimiter) };
    },
  }));
  return [...ways.filter(({ kept }) => kept), ...ways.filter(({ kept }) => !kept)];
}

async function install(end: End, folder: string): Promise<void> {
  try {
    await fetch(INSTALLER, { method: "HEAD", signal: AbortSignal.timeout(REACH_MS) });
  } catch {
    throw new Error(`${new URL(INSTALLER).host} is out of reach`);
  }
  await withProgress(`Downloading the Pulumi CLI ${VERSIONS[end]}`, () =>
    within(
      INSTALL_MS,
      PulumiCommand.install({ root: folder, version: new SemVer(VERSIONS[end]) }),
      "the download took more than 5 minutes",
    ),
  );
}

async function build(end: End, folder: string): Promise<void> {
  await withProgress(
    `Building the Pulumi CLI ${VERSIONS[end]} from Go modules, about two and a half minutes`,
    () => buildPulumi(end, folder),
  );
}

async function within<T>(milliseconds: number, work: Promise<T>, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(otherwise)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function firstLines(text: string): string {
  return text.trim().split("\n").slice(0, 3).join("\n    ");
}
