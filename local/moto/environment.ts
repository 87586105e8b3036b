import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { preparedFolder } from "../cache";
import { oncePerEnvironment } from "../once-per-environment";
import { withProgress } from "../progress";
import { reason, Unavailable } from "../unavailable";
import { findPython } from "./python";

const REQUIREMENTS = join(__dirname, "requirements.txt");

/**
 * The Python of a virtual environment that has moto and the AWS CLI, in the versions of `requirements.txt`: made once
 * (about 30 s, 320 MB) for these versions and this Python, and kept in the cache.
 *
 * Only its `python` is meant to be called (`-m awscli`): the scripts beside it name the folder in which it was made.
 * Throws `Unavailable` where there is no Python, or the packages cannot be installed.
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
      `Python could not make a virtual environment: ${lastLines(reason(error))}`,
      "Install Python's venv module (on Debian and Ubuntu: apt install python3-venv), then run this again.",
    );
  }
  try {
    await execa(pythonOf(folder), [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      "--requirement",
      REQUIREMENTS,
    ]);
  } catch (error) {
    throw new Unavailable(
      `pip could not install moto and the AWS CLI: ${lastLines(reason(error))}`,
      "Check that this machine reaches a Python package index (pip's own settings are honoured), then run this again.",
    );
  }
}

function pythonOf(folder: string): string {
  return process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-4).join("\n  ");
}
