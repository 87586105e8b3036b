import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { releaseAccess } from "../../examples/bad/release-access";
import { backupAccess } from "../../examples/good/backup-access";
import { EngineFailure } from "../engine/failure";
import { type LocalStack, POLICY_PACK } from "../engine/stack";
import { showAws } from "./command";
import { type Host, TRUSTED } from "./host";
import { newKeys, settleIn } from "./member";
import { check, quote, say, step } from "./output";
import { type Demo, policyDocument, stackOn, temporaryFolder } from "./setup";

/** Two other stacks with the policy pack, and one of them without. */
export async function otherStacks(demo: Demo): Promise<void> {
  const [bad, good] = await Promise.all([
    stackOn(demo, { program: () => inHost(demo.host, releaseAccess), project: "release-access" }),
    stackOn(demo, { program: backupAccess, project: "backup-access" }),
  ]);
  await preview(bad, good);
  await bypass(bad, demo);
}

async function preview(bad: LocalStack, good: LocalStack): Promise<void> {
  step("pulumi preview of two other stacks with the policy pack");
  say("examples/bad:");
  const outcome = await bad.preview().catch((error: unknown) => error);
  if (outcome instanceof EngineFailure) quote(policiesPart(outcome.printed));
  check(
    "the policy pack rejects it",
    outcome instanceof EngineFailure && outcome.printed.includes("iam-role-requires-mfa"),
  );
  say("examples/good:");
  const { printed } = await good.preview();
  quote(policiesPart(printed));
  check("the policy pack accepts it", printed.includes("✅ aws-mfa@"));
}

/** Without the pack the bad example is deployed, and access keys of the account that it trusts can assume its role. */
async function bypass(bad: LocalStack, demo: Demo): Promise<void> {
  step("examples/bad is deployed without the policy pack");
  const { host, names } = demo;
  await bad.judgedBy({ policyPacks: [] }).up();
  const role = `arn:aws:iam::${host.account}:role/${names.release}`;
  const carol = await userOfTrustedAccount(demo, role);
  const args = ["sts", "assume-role", "--role-arn", role];
  const hidden = ["--role-session-name", "carol", "--query", "AssumedRoleUser.Arn", "--output", "text"];
  const assumes = (expected: RegExp) =>
    showAws(demo, carol, [...args, ...hidden], expected, { shown: `${args.join(" ")} …` });
  say(`${names.carol} of account ${host.trusted.account} has access keys and enters no code:`);
  check(
    "she gets in: the role's MFA condition does not require MFA",
    await assumes(new RegExp(`assumed-role/${names.release}/carol`)),
  );
  say('pulumi up again, with the policy pack set to "remediate" for these users:');
  const policyPackConfigs = [await remediation(demo)];
  await bad.judgedBy({ policyPacks: [POLICY_PACK], policyPackConfigs }).up();
  check("she no longer gets in", await assumes(/AccessDenied/));
  await bad.destroy();
}

async function remediation(demo: Demo): Promise<string> {
  const file = join(await temporaryFolder(demo), "policy-config.json");
  const config = {
    "iam-role-requires-mfa": {
      enforcementLevel: "remediate",
      peopleArns: [`arn:aws:iam::${demo.host.trusted.account}:user/*`],
    },
    "iam-group-requires-mfa": { enforcementLevel: "advisory" },
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}

/** A user of the trusted account who may only assume the role. */
async function userOfTrustedAccount(demo: Demo, Resource: string) {
  const { trusted, endpoint, region } = demo.host;
  const { carol: UserName } = demo.names;
  await trusted.iam.createUser({ UserName });
  const PolicyDocument = policyDocument({ Effect: "Allow", Action: "sts:AssumeRole", Resource });
  await trusted.iam.putUserPolicy({ UserName, PolicyName: "release", PolicyDocument });
  return settleIn(await temporaryFolder(demo), await newKeys(trusted.iam, UserName), endpoint, region);
}

/** The same program, with the run's suffix in its names and trust in the host's account. */
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

/** The policy pack's part of the CLI's output: from `Policies:` to the next heading. */
function policiesPart(printed: string): string {
  const lines = printed.split("\n");
  const start = lines.findIndex((line) => line.startsWith("Policies:"));
  const end = lines.findIndex((line, index) => index > start && /^\S.*:$/.test(line));
  return lines.slice(Math.max(start, 0), end === -1 ? undefined : end).join("\n");
}
