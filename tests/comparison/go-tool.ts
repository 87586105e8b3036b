import { join } from "node:path";
import { execa } from "execa";
import { preparedFolder } from "../../local/cache";
import { withProgress } from "../../local/progress";
import { reason, Unavailable } from "../../local/unavailable";

/** A command of a Go module, built once and kept in the cache. Throws `Unavailable` without Go or a network. */
export async function goTool(
  name: string,
  source: { readonly module: string; readonly command: string; readonly version: string },
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { module, command, version } = source;
  const folder = await preparedFolder(`compare-${name}-${version}`, async (unfinished) => {
    try {
      await withProgress(`Building ${name} ${version}, some minutes`, () =>
        execa("go", ["install", "-trimpath", "-ldflags", "-s -w", `${module}/${command}@v${version}`], {
          env: { GOBIN: unfinished, ...env },
        }),
      );
    } catch (error) {
      throw unavailable(name, error);
    }
  });
  return join(folder, command.split("/").pop() ?? "");
}

/** The folder of a module's sources. */
export async function goModule(name: string, module: string, version: string): Promise<string> {
  try {
    const { stdout } = await execa("go", ["mod", "download", "-json", `${module}@v${version}`]);
    const { Dir } = JSON.parse(stdout) as { Dir: string };
    return Dir;
  } catch (error) {
    throw unavailable(name, error);
  }
}

function unavailable(name: string, error: unknown): Unavailable {
  return new Unavailable(
    `${name} could not be built: ${reason(error).trim().split("\n").slice(-2).join(" ")}`,
    "Install Go (https://go.dev/dl/) and check that this machine reaches a Go module proxy, then run this again.",
  );
}
