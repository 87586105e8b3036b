import { join } from "node:path";
import { pythonPackages } from "../../local/moto/python";

/** zizmor, which looks for what makes a workflow unsafe (https://docs.zizmor.sh). Throws `Unavailable` where it cannot be had. */
export async function zizmor(): Promise<readonly [program: string, ...args: string[]]> {
  return [join(await pythonPackages("zizmor==1.32.0"), "bin", "zizmor")];
}
