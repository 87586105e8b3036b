import { basename, join } from "node:path";
import { goBuild } from "../go";

/** The oldest and the newest supported version, which the `go.mod` files in `build/` require. */
export const VERSIONS = { oldest: "3.200.0", newest: "3.274.1" } as const;
export type End = keyof typeof VERSIONS;

/** The version of the language host for YAML that `build/yaml/go.mod` requires. */
export const YAML_VERSION = "1.25.0";

const CLI = {
  package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  versionVariable: "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
};

/** The builds, by their folders in `build/`. */
const BUILDS = {
  oldest: { ...CLI, version: VERSIONS.oldest },
  newest: { ...CLI, version: VERSIONS.newest },
  yaml: {
    package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    versionVariable: "github.com/pulumi/pulumi-yaml/pkg/version.Version",
    version: YAML_VERSION,
  },
};

/**
 * Builds a Pulumi CLI, or the language host for YAML, from its Go modules into `folder/bin`. This takes 100 to 150 s on two cores.
 * Throws the error of `go` if Go is missing or too old, or without a network.
 */
export async function buildPulumi(what: keyof typeof BUILDS, folder: string): Promise<void> {
  const { package: path, version, versionVariable } = BUILDS[what];
  const output = join(folder, "bin", basename(path));
  const flags = ["-ldflags", `-s -w -X ${versionVariable}=${version}`];
  await goBuild(join(__dirname, "build", what), output, ...flags, path);
}
