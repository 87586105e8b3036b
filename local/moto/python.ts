import { execa } from "execa";
import { preparedFolder } from "../cache";
import { withProgress } from "../progress";
import { reason, Unavailable } from "../unavailable";

/** The oldest version that moto and the AWS CLI support. */
const OLDEST = [3, 10] as const;
const NAMES = ["python3", "python"];
const VERSION_SCRIPT = "import sys; print('%d.%d' % sys.version_info[:2])";

export interface Python {
  readonly command: string;
  /** Such as `3.11`. A virtual environment is for one version. */
  readonly version: string;
}

/** The first Python on PATH that is recent enough. Throws `Unavailable` with what was found and what to install. */
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
      ? `No Python was found on PATH (${NAMES.join(" or ")}), which moto and the AWS CLI require.`
      : `Python is too old for moto and the AWS CLI: ${found.join(", ")}.`,
    `Install Python ${OLDEST.join(".")} or newer (https://www.python.org/downloads/), then try again.`,
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
 * The folder with Python packages and their dependencies, a search path for Python, with scripts in `bin`. Installed once for these
 * versions and this Python, and cached.
 *
 * @param packages with versions, such as `mypy==2.4.1`
 */
export async function pythonPackages(...packages: readonly [string, ...string[]]): Promise<string> {
  const { command, version } = await findPython();
  const named = packages.join("-").replaceAll("==", "-");
  return preparedFolder(`${named}-${version}-${process.platform}-${process.arch}`, (unfinished) =>
    withProgress(`Installing ${packages.join(", ")}`, () =>
      pipInstall(command, "--only-binary", ":all:", "--target", unfinished, ...packages),
    ),
  );
}

/** Runs `pip install`. Throws `Unavailable` if it fails. */
export async function pipInstall(python: string, ...args: readonly string[]): Promise<void> {
  try {
    await execa(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...args]);
  } catch (error) {
    throw new Unavailable(
      `pip failed: ${lastLines(reason(error))}`,
      "Check that pip can reach a Python package index, then try again.",
    );
  }
}

export function lastLines(text: string): string {
  return text.trim().split("\n").slice(-4).join("\n  ");
}
