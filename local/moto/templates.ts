import { join } from "node:path";
import execa from "execa";
import { pythonEnvironment } from "./environment";

/** A template as it is deployed. */
export interface Deployment {
  readonly template: unknown;
  readonly parameters: Readonly<Record<string, string>>;
  readonly account: string;
  readonly region: string;
}

/**
 * What moto makes of templates: for each the properties of every resource that is there, by logical id. An element of a
 * list that is no value is `null`, where AWS leaves it out.
 */
export async function resolvedByMoto(
  deployments: readonly Deployment[],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const python = await pythonEnvironment();
  const script = join(__dirname, "resolve.py");
  const { stdout } = await execa(python, [script], {
    input: JSON.stringify(deployments),
    maxBuffer: 1024 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}
