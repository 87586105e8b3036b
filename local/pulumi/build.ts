import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import execa from "execa";

/** Both ends of what is supported: the version that the `go.mod` of each folder of `build/` requires. */
export const VERSIONS = { oldest: "3.200.0", newest: "3.274.1" } as const;
export type End = keyof typeof VERSIONS;

const PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/**
 * Builds the Pulumi CLI from its Go modules into `folder/bin/pulumi`: 100 to 150 s on two cores, from nothing.
 * Throws what `go` says where Go is missing, too old, or without a network.
 */
export async function buildPulumi(end: End, folder: string): Promise<void> {
  // A copy, so that Go never writes into the project.
  const module = await mkdtemp(join(tmpdir(), "aws-mfa-pulumi-build-"));
  try {
    for (const file of ["go.mod", "go.sum"]) {
      await copyFile(join(__dirname, "build", end, file), join(module, file));
    }
    await mkdir(join(folder, "bin"), { recursive: true });
    await execa(
      "go",
      [
        "build",
        "-trimpath",
        "-buildvcs=false",
        "-mod=readonly",
        "-ldflags",
        `-s -w -X ${VERSION_VARIABLE}=${VERSIONS[end]}`,
        "-o",
        join(folder, "bin", "pulumi"),
        PACKAGE,
      ],
      { cwd: module, env: { GOWORK: "off" } },
    );
  } finally {
    await rm(module, { recursive: true, force: true });
  }
}
