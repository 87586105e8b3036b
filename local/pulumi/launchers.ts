import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * What the official CLI ships beside its binary to start Node plugins: the module of `@pulumi/pulumi` that each one runs.
 * The engine starts them in the folder of the policy pack or of the program, where that package is found.
 */
const LAUNCHERS = {
  "pulumi-analyzer-policy": "@pulumi/pulumi/cmd/run-policy-pack",
  "pulumi-resource-pulumi-nodejs": "@pulumi/pulumi/cmd/dynamic-provider",
};

/** Writes the launchers that a CLI built from source lacks into the folder of its binary. */
export async function writeLaunchers(binaries: string): Promise<void> {
  for (const [name, module] of Object.entries(LAUNCHERS)) {
    const script = [
      "#!/bin/sh",
      `module=$(node -p "require.resolve('${module}')") || exit 1`,
      'exec node "$module" "$@"',
      "",
    ].join("\n");
    await writeFile(join(binaries, name), script, { mode: 0o755 });
  }
}
