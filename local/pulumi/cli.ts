import { existsSync } from "node:fs";
import { join } from "node:path";
import { PulumiCommand, type PulumiCommandOptions } from "@pulumi/pulumi/automation";
import { cached, preparedFolder } from "../cache";
import { withProgress } from "../progress";
import { reason, Unavailable } from "../unavailable";
import { BUILT_VERSION, buildPulumi } from "./build";
import { writeLaunchers } from "./launchers";

const INSTALLER = "https://get.pulumi.com/install.sh";
const INSTALLED = "pulumi-installed";
const BUILT = `pulumi-${BUILT_VERSION}-built`;

/** How long the official installer's host may take to answer before it counts as out of reach. */
const REACH_MS = 4_000;
/** How long the official installer may take for its download of about 100 MB. */
const INSTALL_MS = 5 * 60_000;

/**
 * A Pulumi CLI: the one on PATH, else one kept from an earlier run, else what the official installer downloads, else one
 * built from Go modules. A CLI older than the one built here is passed over.
 *
 * Throws `Unavailable` with each way that was tried and what to install.
 */
export async function pulumiCli(): Promise<PulumiCommand> {
  return (await onPath()) ?? (await kept()) ?? (await obtained());
}

async function onPath(): Promise<PulumiCommand | undefined> {
  return working({});
}

async function kept(): Promise<PulumiCommand | undefined> {
  for (const name of [INSTALLED, BUILT]) {
    const cli = existsSync(cached(name)) ? await working({ root: cached(name) }) : undefined;
    if (cli) return cli;
  }
  return undefined;
}

async function working(options: PulumiCommandOptions): Promise<PulumiCommand | undefined> {
  try {
    const cli = await PulumiCommand.get(options);
    return cli.version && cli.version.compare(BUILT_VERSION) >= 0 ? cli : undefined;
  } catch {
    return undefined;
  }
}

async function obtained(): Promise<PulumiCommand> {
  const failures: string[] = [];
  for (const [way, obtain] of [
    ["the official installer", install],
    ["a build from Go modules", build],
  ] as const) {
    try {
      return await obtain();
    } catch (error) {
      failures.push(`  ${way}: ${firstLines(reason(error))}`);
    }
  }
  throw new Unavailable(
    `No Pulumi CLI ${BUILT_VERSION} or newer was found on PATH, and none could be obtained:\n${failures.join("\n")}`,
    "Install the Pulumi CLI (https://www.pulumi.com/docs/install/) or Go 1.24 or newer (https://go.dev/dl/), then run this again.",
  );
}

async function install(): Promise<PulumiCommand> {
  try {
    await fetch(INSTALLER, { method: "HEAD", signal: AbortSignal.timeout(REACH_MS) });
  } catch {
    throw new Error(`${new URL(INSTALLER).host} is out of reach`);
  }
  const root = await preparedFolder(INSTALLED, (folder) =>
    withProgress("Downloading the Pulumi CLI", async () => {
      await within(
        INSTALL_MS,
        PulumiCommand.install({ root: folder }),
        "the download took more than 5 minutes",
      );
    }),
  );
  return PulumiCommand.get({ root });
}

async function build(): Promise<PulumiCommand> {
  const root = await preparedFolder(BUILT, async (folder) => {
    await withProgress("Building the Pulumi CLI from Go modules, about two minutes", () =>
      buildPulumi(folder),
    );
    await writeLaunchers(join(folder, "bin"));
  });
  return PulumiCommand.get({ root });
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
