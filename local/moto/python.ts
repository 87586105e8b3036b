import { execa } from "execa";
import { preparedFolder } from "../cache";
import { withProgress } from "../progress";
import { reason, Unavailable } from "../unavailable";

/** What moto and the AWS CLI ask for. */
const OLDEST = [3, 10] as const;
const NAMES = ["python3", "python"];
const VERSION_SCRIPT = "import sys; print('%d.%d' % sys.version_info[:2])";

export interface Python {
  readonly command: string;
  /** Such as `3.11`: a virtual environment belongs to one of these. */
  readonly version: string;
}

/** The first Python on PATH that is new enough. Throws `Unavailable` with what was found and what to install. */
export async function findPython(): Promise<Python> {
  const found: string[] = [];
  for (const command of NAMES) {
    const version = await versionOf(command);
    if (version === undefined) continue;
    if (isRecent(version)) return { command, version };
    found.push(`${command} is ${version}`);
  }
  throw new Unavailable(
    found.length === 0
      ? `No Python was found on PATH (looked for ${NAMES.join(" and ")}); moto and the AWS CLI run on it.`
      : `Python is too old for moto and the AWS CLI: ${found.join(", ")}.`,
    `Install Python ${OLDEST.join(".")} or newer (https://www.python.org/downloads/), then run this again.`,
  );
}

async function versionOf(command: string): Promise<string | undefined> {
  const { exitCode, stdout } = await execa(command, ["-c", VERSION_SCRIPT], { reject: false });
  return exitCode === 0 ? stdout.trim() : undefined;
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/**
 * The folder with packages from a Python package index, and what they require: a search path for Python, with their scripts in `bin`.
 * Installed once for these versions and this Python, and kept in the cache.
 *
 * @param packages with their versions, `mypy==2.4.1`
 */
export async function pythonPackages(...packages: readonly [string, ...string[]]): Promise<string> {
  const { command, version } = await findPython();
  const named = packages.join("-").replaceAll("==", "-");
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"];
  return preparedFolder(`${named}-${version}-${process.platform}-${process.arch}`, async (unfinished) => {
    try {
      await withProgress(`Installing ${packages.join(", ")}`, () =>
        execa(command, [...pip, "--target", unfinished, ...packages]),
      );
    } catch (error) {
      throw new Unavailable(
        `pip could not install ${packages.join(", ")}: ${reason(error).trim().split("\n").slice(-2).join(" ")}`,
        "Check that this machine reaches a Python package index, then run this again.",
      );
    }
  });
}
