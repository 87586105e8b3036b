import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { pythonEnvironment } from "./environment";

const SCRIPT = join(__dirname, "resolve.py");

/** A template and the context of its deployment. */
export interface Deployment {
  readonly template: unknown;
  readonly parameters: Readonly<Record<string, string>>;
  readonly account: string;
  readonly region: string;
}

export interface Resolver {
  /** The properties of every resource of each deployment, by logical id. */
  resolve(deployments: readonly Deployment[]): Promise<readonly unknown[]>;
  stop(): void;
}

/** Starts moto's resolver of templates. An element of a list without a value is `null`; AWS omits it. */
export async function startResolver(): Promise<Resolver> {
  const child = execa(await pythonEnvironment(), ["-u", SCRIPT], { stderr: "inherit" });
  const { stdin, stdout } = child;
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return {
    async resolve(deployments) {
      for (const deployment of deployments) stdin.write(`${JSON.stringify(deployment)}\n`);
      const results: unknown[] = [];
      while (results.length < deployments.length) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`${SCRIPT} ended before it answered.`);
        results.push(JSON.parse(value));
      }
      return results;
    },
    stop: () => stdin.end(),
  };
}
