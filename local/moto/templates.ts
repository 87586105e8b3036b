import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { pythonEnvironment } from "./environment";

/** A template as it is deployed. */
export interface Deployment {
  readonly template: unknown;
  readonly parameters: Readonly<Record<string, string>>;
  readonly account: string;
  readonly region: string;
}

/** A process that turns each value into another one, as long as it is not stopped. */
export interface Resolver<T> {
  /** The results of some values, in their order. */
  resolve(values: readonly T[]): Promise<readonly unknown[]>;
  stop(): void;
}

/**
 * Asks moto what becomes of templates: the properties of every resource that is there, by logical id. An element of a list
 * that is no value is `null`, where AWS leaves it out.
 */
export async function startResolver(): Promise<Resolver<Deployment>> {
  return startLineResolver(await pythonEnvironment(), join(__dirname, "resolve.py"));
}

/** Runs a script of Python that answers each line of JSON with another. */
function startLineResolver<T>(python: string, script: string): Resolver<T> {
  const child = execa(python, ["-u", script], { stderr: "inherit" });
  const { stdin, stdout } = child;
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return {
    async resolve(values) {
      for (const value of values) stdin.write(`${JSON.stringify(value)}\n`);
      const results: unknown[] = [];
      while (results.length < values.length) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`${script} ended before it answered`);
        results.push(JSON.parse(value));
      }
      return results;
    },
    stop: () => stdin.end(),
  };
}
