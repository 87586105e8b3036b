import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, link, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { preparedFolder } from "./cache";
import { withProgress } from "./progress";

export const hasGo = spawnSync("go", ["version"]).status === 0;

/**
 * Builds `module`, a folder with a `go.mod`, into the file `output`, with additional arguments of `go build`.
 * Throws the error of `go` if Go is missing or too old, or without a network.
 */
export async function goBuild(module: string, output: string, ...args: readonly string[]): Promise<void> {
  // A copy, so that Go never writes into the project.
  const copy = await mkdtemp(join(tmpdir(), "aws-mfa-go-"));
  try {
    await cp(module, copy, { recursive: true });
    await execa("go", ["build", "-trimpath", "-buildvcs=false", "-mod=readonly", "-o", output, ...args], {
      cwd: copy,
      env: { GOWORK: "off" },
    });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/**
 * The folder of a program of this project, available under each of the names: built from its module and cached until a file of the module
 * changes. Throws as `goBuild` does.
 */
export async function goProgram(
  module: string,
  [name, ...others]: readonly [string, ...string[]],
): Promise<string> {
  const digest = createHash("sha256");
  for (const file of (await readdir(module)).toSorted()) digest.update(await readFile(join(module, file)));
  const built = `${name}-${process.platform}-${process.arch}-${digest.digest("hex").slice(0, 12)}`;
  return preparedFolder(built, (folder) =>
    withProgress(`Building ${name} from its Go module`, async () => {
      await goBuild(module, join(folder, name), "-ldflags", "-s -w");
      for (const other of others) await link(join(folder, name), join(folder, other));
    }),
  );
}
