import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { preparedFolder } from "../cache";
import { oncePerEnvironment } from "../once-per-environment";
import { withProgress } from "../progress";
import { reason, Unavailable } from "../unavailable";
import { findPython, lastLines, pipInstall } from "./python";

const REQUIREMENTS = join(__dirname, "requirements.txt");

/**
 * The Python of a virtual environment with moto and the AWS CLI, in the versions of `requirements.txt`: created once (about 30 s, 320 MB)
 * for these versions and this Python, and cached.
 *
 * Call only its `python` (`-m awscli`): the scripts next to it contain the path of the temporary folder in which it was created.
 * Throws `Unavailable` without Python, or if the packages cannot be installed.
 */
export const pythonEnvironment: () => Promise<string> = oncePerEnvironment(async () => {
  const python = await findPython();
  const digest = createHash("sha256")
    .update(await readFile(REQUIREMENTS))
    .digest("hex");
  const name = `python-${python.version}-${process.platform}-${process.arch}-${digest.slice(0, 12)}`;
  const folder = await preparedFolder(name, (unfinished) =>
    withProgress("Installing moto and the AWS CLI into a virtual environment", () =>
      fill(python.command, unfinished),
    ),
  );
  return pythonOf(folder);
});

async function fill(python: string, folder: string): Promise<void> {
  try {
    await execa(python, ["-m", "venv", folder]);
  } catch (error) {
    throw new Unavailable(
      `Python could not create a virtual environment: ${lastLines(reason(error))}`,
      "Install Python's venv module (on Debian and Ubuntu: apt install python3-venv), then try again.",
    );
  }
  await pipInstall(pythonOf(folder), "--requirement", REQUIREMENTS);
}

function pythonOf(folder: string): string {
  return process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
}
