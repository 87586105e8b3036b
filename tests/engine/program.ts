import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { onTestFinished } from "vitest";
import { parse, stringify } from "yaml";
import { LOCAL_CREDENTIALS } from "../../local/aws/root";
import type { Packed } from "../package/packed";
import type { Scene } from "./scene";

const ROOT = resolve(__dirname, "../..");

interface Settings {
  runtime: unknown;
  packages: Record<string, string>;
  resources: Record<string, { type?: string; properties: Record<string, unknown> }>;
  outputs: Record<string, string>;
}

export interface Ran {
  readonly printed: string;
  readonly failed: boolean;
}

export interface Program {
  readonly folder: string;
  /** With `pulumi`, on the stack `dev`. */
  run(...args: readonly string[]): Promise<Ran>;
  /** With any other program, in the folder and the environment of the first. */
  start(file: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
  /** Changes `Pulumi.yaml`. */
  change(change: (settings: Settings) => void): Promise<void>;
}

/**
 * A copy of the example in this language, with the package from its folder and the stand-in for the aws provider, as a person runs it.
 *
 * @param path the PATH, with a CLI that has the language's host
 */
export async function openProgram(
  language: "go" | "python" | "yaml",
  scene: Scene,
  packed: Packed,
  path: string,
): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), `aws-mfa-${language}-`));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  await cp(join(ROOT, "examples/components", language), folder, { recursive: true });
  const file = join(folder, "Pulumi.yaml");
  const change: Program["change"] = async (change) => {
    const settings = parse(await readFile(file, "utf8"));
    change(settings);
    await writeFile(file, stringify(settings));
  };
  await change((settings) =>
    Object.assign(settings, {
      packages: { "aws-mfa": packed.folder },
      backend: { url: `file://${folder}` },
      plugins: { providers: [{ name: "aws", path: join(ROOT, "local/provider/bin") }] },
    }),
  );
  const environment = {
    ...LOCAL_CREDENTIALS,
    PATH: path,
    HOME: folder,
    AWS_ENDPOINT_URL: scene.moto.endpoint,
    PULUMI_CONFIG_PASSPHRASE: "of the tests",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const start: Program["start"] = async (file, args, env = {}) => {
    const options = { cwd: folder, extendEnv: false, reject: false, all: true } as const;
    const { all = "", failed } = await execa(file, args, { ...options, env: { ...environment, ...env } });
    return { printed: all, failed };
  };
  const run: Program["run"] = (...args) => start("pulumi", [...args, "--stack", "dev", "--non-interactive"]);
  await run("stack", "init");
  await run("config", "set", "aws:region", LOCAL_CREDENTIALS.AWS_REGION);
  return { folder, run, start, change };
}
