import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const ARN = "arn:aws:iam::111122223333:";

/** Has `aws-mfa profile` write a profile. */
export const PROFILE = [
  "profile",
  "--role-arn",
  `${ARN}role/any`,
  "--mfa-serial",
  `${ARN}mfa/any`,
  "--region",
  "eu-central-1",
];

const LAST_LINE = "region = eu-central-1\n";

/** A home folder with a configuration file, which must not be lost. */
export interface ConfigHome {
  readonly home: string;
  readonly config: string;
  /** Rejects where the file is neither as it was nor as it is to be, to the last line. */
  state(): Promise<"old" | "new">;
  /** What lies beside it. */
  beside(): Promise<readonly string[]>;
}

export async function configHome(folder: string, before: string): Promise<ConfigHome> {
  const home = await mkdtemp(join(folder, "home-"));
  await mkdir(join(home, ".aws"), { mode: 0o700 });
  const config = join(home, ".aws", "config");
  await writeFile(config, before, { mode: 0o600 });
  return {
    home,
    config,
    state: async () => {
      const after = await readFile(config, "utf8");
      if (after === before) return "old";
      if (after.startsWith(before) && after.endsWith(LAST_LINE)) return "new";
      throw new Error(`the file has ${after.length} characters, and is neither the old nor the new one`);
    },
    beside: async () => (await readdir(join(home, ".aws"))).filter((name) => name !== "config"),
  };
}
