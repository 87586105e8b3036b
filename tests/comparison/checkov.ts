import { join } from "node:path";
import { execa } from "execa";
import { preparedFolder } from "../../local/cache";
import { findPython } from "../../local/moto/python";
import { withProgress } from "../../local/progress";
import { reason, Unavailable } from "../../local/unavailable";
import type { Tool } from "./tool";

const VERSION = "3.3.30";

/** https://www.checkov.io */
export const checkov: Tool = {
  name: "Checkov",
  version: VERSION,
  checks: [],
  note: "None of its Terraform checks looks at MFA in AWS IAM policies.",
  async ask() {
    const { stdout } = await execa(
      await python(),
      ["-m", "checkov.main", "--list", "--framework", "terraform"],
      {
        env: { LOG_LEVEL: "ERROR" },
        maxBuffer: 100_000_000,
      },
    );
    const rows = stdout.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
    const ofAws = rows.filter(
      ([, , , resource = "", title = ""]) =>
        resource.startsWith("aws_iam") && /mfa|multi-?factor/i.test(title),
    );
    if (!rows.some(([, , id]) => id?.startsWith("CKV_AWS_")) || ofAws.length > 0) {
      throw new Error(
        `Checkov's list is not as it was expected: ${JSON.stringify(ofAws)}. Look at its checks again.`,
      );
    }
    return new Map();
  },
};

async function python(): Promise<string> {
  const { command, version } = await findPython();
  const folder = await preparedFolder(`compare-checkov-${VERSION}-${version}`, async (unfinished) => {
    try {
      await withProgress(`Installing Checkov ${VERSION}`, async () => {
        await execa(command, ["-m", "venv", unfinished]);
        const pip = [join(unfinished, "bin", "python"), "-m", "pip", "install", "--quiet"];
        await execa(pip[0] ?? "", [...pip.slice(1), "--disable-pip-version-check", `checkov==${VERSION}`]);
      });
    } catch (error) {
      throw new Unavailable(
        `Checkov could not be installed: ${reason(error).trim().split("\n").slice(-2).join(" ")}`,
        "Check that this machine reaches a Python package index, then run this again.",
      );
    }
  });
  return join(folder, "bin", "python");
}
