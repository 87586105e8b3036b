import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { withProgress } from "./progress";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** The path of a Chromium or Chrome of this machine. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), MAC].find((path) =>
    existsSync(path),
  );
}

/** As root, Chromium starts only without its sandbox. */
export const asRoot = process.getuid?.() === 0;

/** Installs Debian's Chromium if none is found, as root with apt. Returns the reason if it fails. */
export async function prepareChromium(): Promise<string | undefined> {
  if (findChromium() !== undefined) return undefined;
  if (!asRoot || !existsSync("/etc/debian_version")) {
    return `No ${NAMES.join(", ")} is on PATH. Install one of them.`;
  }
  const apt = (...args: readonly string[]) =>
    execa("apt-get", ["-qq", "-o", "DPkg::Lock::Timeout=300", ...args], {
      all: true,
      env: { DEBIAN_FRONTEND: "noninteractive" },
      reject: false,
    });
  const { exitCode, all } = await withProgress("installing Chromium with apt-get", async () => {
    await apt("update");
    return apt("install", "-y", "--no-install-recommends", "chromium");
  });
  return exitCode === 0 ? undefined : `apt-get could not install Chromium: ${all?.split("\n").at(-1) ?? ""}`;
}
