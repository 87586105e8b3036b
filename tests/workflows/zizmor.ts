import { join } from "node:path";
import { execa } from "execa";
import { preparedFolder } from "../../local/cache";
import { findPython } from "../../local/moto/python";
import { withProgress } from "../../local/progress";
import { reason, Unavailable } from "../../local/unavailable";

const VERSION = "1.32.0";

/** zizmor, which looks for what makes a workflow unsafe (https://docs.zizmor.sh). Throws `Unavailable` where it cannot be had. */
export async function zizmor(): Promise<readonly [program: string, ...args: string[]]> {
  const { command, version } = await findPython();
  const folder = await preparedFolder(
    `zizmor-${VERSION}-${version}-${process.platform}-${process.arch}`,
    async (unfinished) => {
      const pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--only-binary",
        ":all:",
      ];
      try {
        await withProgress(`Installing zizmor ${VERSION}`, async () => {
          await execa(command, [...pip, "--target", unfinished, `zizmor==${VERSION}`]);
        });
      } catch (error) {
        throw new Unavailable(
          `zizmor could not be installed: ${reason(error).trim().split("\n").slice(-2).join(" ")}`,
          "Check that this machine reaches a Python package index, then run this again.",
        );
      }
    },
  );
  return [join(folder, "bin", "zizmor")];
}
