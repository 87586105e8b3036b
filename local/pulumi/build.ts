import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import execa from "execa";

/** The version that `build/go.mod` requires; the binary says it of itself. */
export const BUILT_VERSION = "3.200.0";

const PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/**
 * Builds the Pulumi CLI from its Go modules into `folder/bin/pulumi`: about 100 s on two cores, from nothing.
 * Throws what `go` says where Go is missing, too old, or without a network.
 */
export async function buildPulumi(folder: string): Promise<void> {
  // A copy, so that Go never writes into the project.
  const module = await mkdtemp(join(tmpdir(), "aws-mfa-pulumi-build-"));
  try {
    for (const file of ["go.mod", "go.sum"]) {
      await copyFile(join(__dirname, "build", file), join(module, file));
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
        `-s -w -X ${VERSION_VARIABLE}=${BUILT_VERSION}`,
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
