import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { releaseAccess } from "../../examples/bad/release-access";
import { backupAccess } from "../../examples/good/backup-access";
import { EngineFailure } from "../engine/failure";
import { type LocalStack, POLICY_PACK } from "../engine/stack";
import { type Host, TRUSTED, until } from "./host";
import { awsCli, newKeys, settleIn } from "./member";
import { proven, quote, say, step } from "./narrator";
import { type Scene, stackOn, temporaryFolder } from "./scene";

/** Two other stacks: with the policy pack on, and one of them without. */
export async function otherStacks(scene: Scene): Promise<void> {
  const [bad, good] = await Promise.all([
    stackOn(scene, { program: () => inHost(scene.host, releaseAccess), project: "release-access" }),
    stackOn(scene, { program: backupAccess, project: "backup-access" }),
  ]);
  await preview(bad, good);
  await walkInto(bad, scene);
}

async function preview(bad: LocalStack, good: LocalStack): Promise<void> {
  step("pulumi preview of two other stacks, with the policy pack on");
  say("examples/bad:");
  const outcome = await bad.preview().catch((error: unknown) => error);
  if (outcome instanceof EngineFailure) quote(policiesPart(outcome.printed));
  proven(
    "it is rejected",
    outcome instanceof EngineFailure && outcome.printed.includes("iam-role-requires-mfa"),
  );
  say("examples/good:");
  const { printed } = await good.preview();
  quote(policiesPart(printed));
  proven("it is accepted", printed.includes("✅ aws-mfa@"));
}

/** Without the pack the bad example is deployed, and who steals keys of the account that it trusts walks in. */
async function walkInto(bad: LocalStack, scene: Scene): Promise<void> {
  step("examples/bad, deployed without the policy pack");
  const { host, names } = scene;
  await bad.judgedBy({ policyPacks: [] }).up();
  const role = `arn:aws:iam::${host.account}:role/${names.release}`;
  const carol = await userOfTrustedAccount(scene, role);
  const walksIn = async (expected: RegExp) => {
    const args = ["sts", "assume-role", "--role-arn", role];
    say(`$ ${["aws", ...args].join(" ")} …`);
    const query = ["--query", "AssumedRoleUser.Arn", "--output", "text"];
    const printed = await until(
      host,
      expected,
      async () => (await awsCli([...args, "--role-session-name", "carol", ...query], carol)).printed,
    );
    quote(printed);
    return expected.test(printed);
  };
  say(`${names.carol} of account ${host.trusted.account} has access keys, and gives no code:`);
  proven(
    "she is in: its MFA condition requires no MFA",
    await walksIn(new RegExp(`assumed-role/${names.release}/carol`)),
  );
  say('pulumi up once more, with the pack, and "remediate" for these people:');
  const policyPackConfigs = [await remediation(scene)];
  await bad.judgedBy({ policyPacks: [POLICY_PACK], policyPackConfigs }).up();
  proven("she is not any more", await walksIn(/AccessDenied/));
  await bad.destroy();
}

async function remediation(scene: Scene): Promise<string> {
  const file = join(await temporaryFolder(scene), "policy-config.json");
  const config = {
    "iam-role-requires-mfa": {
      enforcementLevel: "remediate",
      peopleArns: [`arn:aws:iam::${scene.host.trusted.account}:user/*`],
    },
    "iam-group-requires-mfa": { enforcementLevel: "advisory" },
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}

/** Who may do nothing but assume the role. */
async function userOfTrustedAccount(scene: Scene, Resource: string) {
  const { trusted, endpoint, region } = scene.host;
  const { carol: UserName } = scene.names;
  await trusted.iam.createUser({ UserName });
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Resource }],
  });
  await trusted.iam.putUserPolicy({ UserName, PolicyName: "release", PolicyDocument });
  return settleIn(await temporaryFolder(scene), await newKeys(trusted.iam, UserName), endpoint, region);
}

/** The same program, whose names end in the run's suffix, and which lets in the host's account. */
async function inHost(host: Host, program: () => Promise<void>): Promise<void> {
  const suffix = host.names.release.slice("Release".length);
  pulumi.runtime.registerStackTransformation(({ props, opts }) => {
    const changed = Object.entries(props).map(([key, value]) => {
      if (typeof value !== "string") return [key, value];
      return [key, key === "name" ? value + suffix : value.replaceAll(TRUSTED, host.trusted.account)];
    });
    return { props: Object.fromEntries(changed), opts };
  });
  await program();
}

/** The part of the CLI's output that is the pack's: from `Policies:` up to the next heading. */
function policiesPart(printed: string): string {
  const lines = printed.split("\n");
  const start = lines.findIndex((line) => line.startsWith("Policies:"));
  const end = lines.findIndex((line, index) => index > start && /^\S.*:$/.test(line));
  return lines.slice(Math.max(start, 0), end === -1 ? undefined : end).join("\n");
}
