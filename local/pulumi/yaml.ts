import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { preparedFolder } from "../cache";
import { oncePerEnvironment } from "../once-per-environment";
import { withProgress } from "../progress";
import { buildPulumi, YAML_VERSION } from "./build";
import { pulumiCli } from "./cli";

const HOST = "pulumi-language-yaml";

/**
 * The PATH on which `pulumi` finds a language host for YAML too: its own, or else one that is built from its Go module.
 * Throws what `go` says where it cannot be built.
 */
export const yamlPath: () => Promise<string> = oncePerEnvironment(async () => {
  const { path } = await pulumiCli();
  if (path.split(delimiter).some((folder) => existsSync(join(folder, HOST)))) return path;
  const root = await preparedFolder(`${HOST}-${YAML_VERSION}-built`, (folder) =>
    withProgress(`Building ${HOST} ${YAML_VERSION} from its Go module`, () => buildPulumi("yaml", folder)),
  );
  return [join(root, "bin"), path].join(delimiter);
});
