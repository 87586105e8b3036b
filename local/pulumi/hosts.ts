import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { preparedFolder } from "../cache";
import { goProgram } from "../go";
import { oncePerEnvironment } from "../once-per-environment";
import { withProgress } from "../progress";
import { buildPulumi, YAML_VERSION } from "./build";
import { pulumiCli } from "./cli";

type Hosts = readonly [string, ...string[]];
const YAML: Hosts = ["pulumi-language-yaml"];
const COMPILED: Hosts = ["pulumi-language-go", "pulumi-language-python"];

/**
 * The PATH on which `pulumi` finds a language host for YAML too: its own, or else one that is built from its Go module.
 * Throws what `go` says where it cannot be built.
 */
export const yamlPath = oncePerEnvironment(() =>
  pathWith(YAML, async () => {
    const root = await preparedFolder(`${YAML[0]}-${YAML_VERSION}-built`, (folder) =>
      withProgress(`Building ${YAML[0]} ${YAML_VERSION} from its Go module`, () =>
        buildPulumi("yaml", folder),
      ),
    );
    return join(root, "bin");
  }),
);

/**
 * The PATH on which `pulumi` finds language hosts that generate SDKs for Go and Python, and run a compiled Go program: its own, or else
 * the stand-in for those, which are no released Go modules. Throws what `go` says where that cannot be built.
 */
export const sdkPath = oncePerEnvironment(() =>
  pathWith(COMPILED, () => goProgram(join(__dirname, "build/sdk"), COMPILED)),
);

/** The CLI's own PATH where it has all the hosts, and else with the folder that `obtain` gives before it. */
async function pathWith(hosts: Hosts, obtain: () => Promise<string>): Promise<string> {
  const { path } = await pulumiCli();
  const folders = path.split(delimiter);
  const present = hosts.every((host) => folders.some((folder) => existsSync(join(folder, host))));
  return present ? path : [await obtain(), path].join(delimiter);
}
