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
 * The PATH on which `pulumi` also finds a language host for YAML: its own, or else one built from its Go module.
 * Throws the error of `go` if the build fails.
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
 * The PATH on which `pulumi` finds language hosts that generate SDKs for Go and Python and run a compiled Go program: its own, or else the
 * stand-in, since they are not released as Go modules. Throws the error of `go` if the build fails.
 */
export const sdkPath = oncePerEnvironment(() =>
  pathWith(COMPILED, () => goProgram(join(__dirname, "build/sdk"), COMPILED)),
);

/** The CLI's own PATH if it has all the hosts, or else with the folder from `obtain` first. */
async function pathWith(hosts: Hosts, obtain: () => Promise<string>): Promise<string> {
  const { path } = await pulumiCli();
  const folders = path.split(delimiter);
  const present = hosts.every((host) => folders.some((folder) => existsSync(join(folder, host))));
  return present ? path : [await obtain(), path].join(delimiter);
}
