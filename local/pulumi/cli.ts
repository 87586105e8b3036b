import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { SemVer } from "semver";
import { cached, preparedFolder } from "../cache";
import { oncePerEnvironment } from "../once-per-environment";
import { withProgress } from "../progress";
import { reason, Unavailable } from "../unavailable";
import { buildPulumi, type End, VERSIONS } from "./build";

const INSTALLER = "https://get.pulumi.com/install.sh";
/** Start programs and plugins for Node; the official CLI has its own launchers next to its binary. */
const LAUNCHERS = join(__dirname, "launchers");

/** After this time without a response, the official installer's host is unreachable. */
const REACH_MS = 4_000;
/** The maximum time of the official installer's download, about 100 MB. */
const INSTALL_MS = 5 * 60_000;

export interface PulumiCli {
  /** For the Automation API. */
  readonly command: PulumiCommand;
  /**
   * The PATH on which `pulumi` is this CLI, with a language host for Node: its own, or else the stand-in for the official one, which is
   * not released as a Go module. The engine uses the first that it finds.
   */
  readonly path: string;
}

/**
 * The Pulumi CLI that `AWS_MFA_PULUMI` selects: `pinned`, the newest version that this project is tested with, or `oldest`, the oldest that
 * it supports. By default it is the one on PATH, if it is recent enough, or else the pinned one.
 *
 * A CLI that is not on PATH comes from the cache, the official installer, or a build from Go modules.
 * Throws `Unavailable` with each attempt and what to install.
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
    `Install the Pulumi CLI ${VERSIONS.oldest} or newer (https://www.pulumi.com/docs/install/) or Go 1.26 or newer (https://go.dev/dl/), then try again.`,
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
  // A package manager may link only the binary, not the files next to it.
  const beside = binary ? [dirname(await realpath(binary))] : [];
  return { command, path: [...beside, path, LAUNCHERS].join(delimiter) };
}

/** Cached CLIs come first. */
function waysTo(end: End): Way[] {
  const ways = [
    { way: "the official installer", name: `pulumi-${VERSIONS[end]}-installed`, fill: install, own: true },
    { way: "a build from Go modules", name: `pulumi-${VERSIONS[end]}-built`, fill: build, own: false },
  ].map(({ way, name, fill, own }) => ({
    way: `${way}, ${VERSIONS[end]}`,
    isCached: existsSync(cached(name)),
    obtain: async () => {
      const root = await preparedFolder(name, (folder) => fill(end, folder));
      const command = await PulumiCommand.get({ root });
      const folders = own ? [join(root, "bin"), LAUNCHERS] : [LAUNCHERS, join(root, "bin")];
      return { command, path: [...folders, process.env.PATH ?? ""].join(delimiter) };
    },
  }));
  return ways.toSorted((a, b) => Number(b.isCached) - Number(a.isCached));
}

async function install(end: End, folder: string): Promise<void> {
  try {
    await fetch(INSTALLER, { method: "HEAD", signal: AbortSignal.timeout(REACH_MS) });
  } catch {
    throw new Error(`${new URL(INSTALLER).host} is unreachable`);
  }
  await withProgress(`Downloading the Pulumi CLI ${VERSIONS[end]}`, () => {
    const late = setTimeout(INSTALL_MS, undefined, { ref: false }).then(() => {
      throw new Error("the download took more than 5 minutes");
    });
    return Promise.race([PulumiCommand.install({ root: folder, version: new SemVer(VERSIONS[end]) }), late]);
  });
}

async function build(end: End, folder: string): Promise<void> {
  await withProgress(`Building the Pulumi CLI ${VERSIONS[end]} from Go modules, about 2.5 minutes`, () =>
    buildPulumi(end, folder),
  );
}

function firstLines(text: string): string {
  return text.trim().split("\n").slice(0, 3).join("\n    ");
}
