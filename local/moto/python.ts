import { execa } from "execa";
import { Unavailable } from "../unavailable";

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
