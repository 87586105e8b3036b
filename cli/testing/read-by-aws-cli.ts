import { execa } from "execa";
import { pythonEnvironment } from "../../local/moto/environment";

/** The profiles of a file as parsed by the AWS CLI's library, or that it cannot be parsed. */
export type ReadByAwsCli = Readonly<Record<string, Readonly<Record<string, unknown>>>> | "unreadable";

const SCRIPT = `
import json, sys, tempfile, os
from botocore.configloader import load_config
from botocore.exceptions import ConfigParseError
found = []
for text in json.load(sys.stdin):
    with tempfile.NamedTemporaryFile("wb", delete=False) as file:
        file.write(text.encode("utf-8"))
    try:
        found.append(load_config(file.name)["profiles"])
    except ConfigParseError:
        found.append("unreadable")
    finally:
        os.unlink(file.name)
json.dump(found, sys.stdout)
`;

/** Parses each text as a configuration file with the AWS CLI's library (botocore). */
export async function readByAwsCli(texts: readonly string[]): Promise<ReadByAwsCli[]> {
  const { stdout } = await execa(await pythonEnvironment(), ["-X", "utf8", "-c", SCRIPT], {
    input: JSON.stringify(texts),
  });
  return JSON.parse(stdout);
}
