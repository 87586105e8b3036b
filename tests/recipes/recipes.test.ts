import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LOCAL_CREDENTIALS } from "../../local/aws/root";
import { type LocalAws, startLocalAws } from "../../local/aws/server";
import { pulumiCli } from "../../local/pulumi/cli";
import { rejection } from "../engine/scene";
import { pack } from "../package/packed";

const ROOT = resolve(__dirname, "../..");
const RECIPE = join(ROOT, "docs", "ci", "preview.sh");
const STAND_IN_PROVIDER = join(ROOT, "local", "provider", "bin");
/** An npm that installs nothing: it links what npm installed for all tests that are not about the installation. */
const LINKING_NPM = join(__dirname, "linking-npm");

let aws: LocalAws;
let folder: string;
let environment: NodeJS.ProcessEnv;
/** The platform team's repository, with the packages installed in it. */
let policy: Promise<string>;

beforeAll(async () => {
  const packing = Promise.all([pack("policy-pack"), pack("cli")]);
  aws = await startLocalAws();
  folder = await mkdtemp(join(tmpdir(), "aws-mfa-recipes-"));
  const { path } = await pulumiCli();
  const tarballs = (await packing).map(({ tarball }) => tarball);
  policy = platformRepository(tarballs);
  await mkdir(join(folder, "temporary"));
  environment = {
    ...process.env,
    ...LOCAL_CREDENTIALS,
    PATH: [STAND_IN_PROVIDER, path].join(delimiter),
    // What the recipe keeps while it runs.
    TMPDIR: join(folder, "temporary"),
    AWS_ENDPOINT_URL: aws.endpoint,
    PULUMI_CONFIG_PASSPHRASE: "a passphrase of the tests",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    npm_config_prefer_offline: "true",
  };
});
afterAll(async () => {
  await aws.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Made as docs/ci/README.md says. */
async function platformRepository(tarballs: readonly string[]): Promise<string> {
  const home = await mkdtemp(join(folder, "mfa-policy-"));
  await Promise.all([...tarballs, RECIPE].map((file) => cp(file, join(home, basename(file)))));
  await writeFile(join(home, "package.json"), '{ "private": true }\n');
  const files = tarballs.map((file) => `./${basename(file)}`);
  const options = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
  await execa("npm", ["install", ...options, ...files], { cwd: home });
  return home;
}

interface Given {
  /** What the example's program ends with. */
  readonly program?: string;
  readonly stack?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** More files of the repository. */
  readonly files?: Readonly<Record<string, string>>;
}

/** The example as the project of another repository, and the recipe run in it as a pipeline would, from npm's installation on. */
async function previewFromNothing(
  example: string,
  { program = "", stack = "dev", files = {}, env = {} }: Given = {},
) {
  const project = await mkdtemp(join(folder, "project-"));
  // Its tsconfig.json extends this repository's.
  const filter = (path: string) => basename(path) !== "tsconfig.json";
  await cp(join(ROOT, "examples", example), project, { recursive: true, filter });
  await symlink(join(ROOT, "node_modules"), join(project, "node_modules"), "dir");
  await appendFile(join(project, "index.ts"), program);
  for (const [name, text] of Object.entries(files)) await writeFile(join(project, name), text);
  const before = await readdir(project);
  const state = { PULUMI_BACKEND_URL: `file://${await mkdtemp(join(folder, "state-"))}` };
  const options = {
    cwd: project,
    env: { ...environment, ...state, ...env },
    all: true,
    reject: false,
  } as const;
  await execa("pulumi", ["stack", "select", "--create", "dev"], options);
  const { exitCode, all = "" } = await execa(join(await policy, "preview.sh"), [stack], options);
  const read = (name: string) => readFile(join(project, "mfa-reports", name), "utf8");
  const added = (await readdir(project)).filter(
    (name) => !before.includes(name) && !/^Pulumi\..*yaml$/.test(name),
  );
  const reports = await readdir(join(project, "mfa-reports")).catch(() => []);
  return { exitCode, printed: all, added, reports: reports.toSorted(), read };
}

/** The same with the packages already installed. */
async function preview(example: string, more: Given = {}) {
  const modules = join(await policy, "node_modules");
  const path = [LINKING_NPM, environment.PATH].join(delimiter);
  return previewFromNothing(example, {
    ...more,
    env: { ...more.env, PATH: path, INSTALLED_MODULES: modules },
  });
}

describe("preview.sh", () => {
  test.concurrent("fails for the bad example, and writes the findings as Markdown, SARIF and JUnit", async () => {
    const { exitCode, printed, added, reports, read } = await previewFromNothing("bad");
    expect(exitCode).not.toBe(0);
    expect(printed).toMatch(rejection("iam-role-requires-mfa", "release"));
    expect(added).toEqual(["mfa-reports"]);
    expect(reports).toEqual(["mfa.junit.xml", "mfa.md", "mfa.sarif"]);

    expect(await read("mfa.md")).toContain("3 of 4 are bypassable");
    const sarif = JSON.parse(await read("mfa.sarif")) as Sarif;
    expect(sarif.runs[0]?.results.map(({ ruleId }) => ruleId).toSorted()).toEqual([
      "iam-group-requires-mfa",
      "iam-mfa-condition-is-effective",
      "iam-mfa-condition-is-effective",
      "iam-role-requires-mfa",
      "iam-role-requires-mfa",
    ]);
    expect(await read("mfa.junit.xml")).toContain('tests="4" failures="3" errors="0" skipped="1"');
  });

  test.concurrent("passes for the good example, and its reports say what was checked", async () => {
    const { exitCode, printed, read } = await preview("good");
    expect(printed).toContain("aws-mfa@v");
    expect(exitCode).toBe(0);
    const sarif = JSON.parse(await read("mfa.sarif")) as Sarif;
    expect(sarif.runs[0]?.results).toEqual([]);
    expect(await read("mfa.md")).toMatch(/\d+ roles?.* checked; no way in without MFA was found/);
    expect(await read("mfa.junit.xml")).toMatch(/tests="[1-9]\d*" failures="0" errors="0" skipped="0"/);
  });

  const ADVISORY = JSON.stringify({
    "iam-role-requires-mfa": { enforcementLevel: "advisory" },
    "iam-group-requires-mfa": { enforcementLevel: "advisory" },
  });

  test.concurrent("passes for the bad example if the platform team makes the policies advisory, and still reports the findings", async () => {
    await writeFile(join(await policy, "advisory.json"), ADVISORY);
    const { exitCode, read } = await preview("bad", { env: { MFA_CONFIG: "advisory.json" } });
    expect(exitCode).toBe(0);
    expect(await read("mfa.md")).toContain("3 of 4 are bypassable");
  });

  test.concurrent("ignores a configuration in the repository that is checked", async () => {
    const { exitCode } = await preview("bad", { files: { "mfa-policy.json": ADVISORY } });
    expect(exitCode).not.toBe(0);
  });

  test.concurrent("fails if the program throws, and the reports say what is not known", async () => {
    const { exitCode, read } = await preview("bad", { program: 'throw new Error("the program broke");' });
    expect(exitCode).not.toBe(0);
    expect(await read("mfa.junit.xml")).toContain("nothing is known about its groups and users");
  });

  test.concurrent.each([
    [
      "the stack does not exist",
      { stack: "nope" },
      "no stack named 'nope'",
      "pulumi preview failed before it ran the program.",
    ],
    [
      "the configuration does not exist",
      { env: { MFA_CONFIG: "no-such.json" } },
      "no-such.json (MFA_CONFIG) does not exist",
      "",
    ],
  ])("leaves no report if %s, and says so once", async (_, given, said, why) => {
    const { exitCode, printed, reports } = await preview("bad", given);
    expect(exitCode).not.toBe(0);
    expect(printed).toContain(said);
    expect(printed.split("No reports")).toHaveLength(2);
    expect(printed).toContain(`No reports: ${why}`);
    expect(reports).toEqual([]);
  });

  test("names all missing programs, and deletes the reports of an earlier run", async () => {
    const home = await mkdtemp(join(folder, "no-programs-"));
    await symlink("/bin/rm", join(home, "rm"));
    await mkdir(join(home, "mfa-reports"));
    await writeFile(join(home, "mfa-reports", "mfa.sarif"), "{}");
    const { exitCode, all } = await execa(RECIPE, ["dev"], {
      cwd: home,
      env: { PATH: home },
      extendEnv: false,
      all: true,
      reject: false,
    });
    expect(exitCode).not.toBe(0);
    expect(all).toBe(
      "preview.sh: No reports: npm and pulumi not found. Install what is missing, or add its folder to PATH.",
    );
    expect(await readdir(join(home, "mfa-reports"))).toEqual([]);
  });

  test("leaves no temporary files", async () => {
    const left = await readdir(join(folder, "temporary"));
    // As mktemp names it.
    expect(left.filter((name) => name.startsWith("tmp."))).toEqual([]);
  });

  test("prints its usage if no stack is given", async () => {
    const { exitCode, all } = await execa(RECIPE, [], { env: environment, all: true, reject: false });
    expect(exitCode).not.toBe(0);
    expect(all).toContain("Usage: preview.sh STACK");
  });
});

describe("terraform.sh", () => {
  const trust = (Condition?: object) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "sts:AssumeRole", Condition },
    });
  const plan = (assume_role_policy: string) =>
    JSON.stringify({
      format_version: "1.2",
      terraform_version: "1.11.4",
      planned_values: {
        root_module: {
          resources: [
            {
              ...{ address: "aws_iam_role.deploy", mode: "managed", type: "aws_iam_role", name: "deploy" },
              values: { name: "deploy", assume_role_policy },
              sensitive_values: {},
            },
          ],
        },
      },
      resource_changes: [],
      configuration: { root_module: {} },
    });

  async function planned(text: string, env: NodeJS.ProcessEnv = {}) {
    const project = await mkdtemp(join(folder, "terraform-"));
    await writeFile(join(folder, "plan.json"), text);
    const recipe = join(await policy, "terraform.sh");
    await cp(join(ROOT, "docs", "ci", "terraform.sh"), recipe);
    const { exitCode, all = "" } = await execa(recipe, [], {
      cwd: project,
      env: {
        ...environment,
        PATH: [LINKING_NPM, join(__dirname, "terraform-stand-in"), environment.PATH].join(delimiter),
        INSTALLED_MODULES: join(await policy, "node_modules"),
        PLAN: join(folder, "plan.json"),
        ...env,
      },
      all: true,
      reject: false,
    });
    const reports = await readdir(join(project, "mfa-reports")).catch(() => []);
    return { exitCode, all, reports: reports.toSorted(), project };
  }

  test.each([
    [
      "passes for a plan whose role requires MFA",
      trust({ Bool: { "aws:MultiFactorAuthPresent": "true" } }),
      0,
      "none of 1 role",
    ],
    ["exits with 1 for a plan whose role does not require MFA", trust(), 1, "deploy"],
  ])("%s, and leaves only its reports", async (_, document, code, answer) => {
    const { exitCode, reports, project } = await planned(plan(document));
    expect(exitCode).toBe(code);
    expect(reports).toEqual(["mfa.junit.xml", "mfa.md", "mfa.sarif"]);
    expect(await readdir(project)).toEqual(["mfa-reports"]);
    expect(await readFile(join(project, "mfa-reports", "mfa.md"), "utf8")).toContain(answer);
    const left = await readdir(join(folder, "temporary"));
    expect(left.filter((name) => name.startsWith("tmp."))).toEqual([]);
  });

  test.each([
    ["Terraform is missing", { TERRAFORM: "no-such-terraform" }, "no-such-terraform not found."],
    ["terraform plan fails", { PLAN: "/no/such/plan" }, "terraform plan failed."],
    [
      "the configuration does not exist",
      { MFA_CONFIG: "no-such.json" },
      "no-such.json (MFA_CONFIG) does not exist.",
    ],
  ])("leaves no report and says why if %s", async (_, env, said) => {
    const { exitCode, all, reports } = await planned(plan(trust()), env);
    expect({ exitCode, reports }).toEqual({ exitCode: 2, reports: [] });
    expect(all).toContain(said);
  });
});

interface Sarif {
  readonly runs: readonly { readonly results: readonly { readonly ruleId: string }[] }[];
}
