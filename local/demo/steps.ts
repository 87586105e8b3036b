import { mkdir } from "node:fs/promises";
import { STS } from "@aws-sdk/client-sts";
import type { OutputMap } from "@pulumi/pulumi/automation";
import { mfaAccess } from "../../stack/stack";
import { cached, cacheFolder } from "../cache";
import type { LocalStack } from "../engine/stack";
import { deleteUser } from "../provider/iam/user-deletion";
import { awsMfa } from "./command";
import { until } from "./host";
import { leave } from "./leave";
import { type Keys, newKeys } from "./member";
import { otherStacks } from "./other-stacks";
import { ahead, check, quote, say, settled, step } from "./output";
import { administrator, clientSettings, type Demo, policyDocument, stackOn, temporaryFolder } from "./setup";
import { enroll, signIn } from "./sign-in";
import { stolenKeys } from "./stolen-keys";

/**
 * Runs the steps of the demo. Throws if one fails.
 *
 * @param beforeLeaving runs while the user has a device, with the user's keys and the device's seed
 */
export async function runSteps(
  demo: Demo,
  beforeLeaving: (keys: Keys, seed: string) => Promise<void> = async () => {},
): Promise<void> {
  // Steps that do not depend on earlier ones start ahead; only their output waits.
  const others = ahead(() => otherStacks(demo));
  try {
    const { stack, outputs, again } = await deploy(demo);
    const keys = await newKeys(demo.iam, demo.names.user);
    const stolen = ahead(() => stolenKeys(demo, stack, keys));
    await again();
    await stolen.show();
    const enrolled = ahead(() => enroll(demo, stack, outputs, keys));
    await others.show();
    const user = await enrolled.show();
    const found = ahead(() => auditAccount(demo));
    await signIn(demo, user);
    await found.show();
    await beforeLeaving(keys, user.seed);
    await leave(demo, stack, user.member);
    await takeDown(demo, stack);
  } finally {
    // If a step fails, others may still be running.
    await settled();
  }
}

interface Deployed {
  readonly stack: LocalStack;
  readonly outputs: OutputMap;
  /** Runs and prints the rest of the step. */
  again(): Promise<void>;
}

async function deploy(demo: Demo): Promise<Deployed> {
  const { user, role } = demo.names;
  step("pulumi up with the policy pack");
  const stack = await stackOn(demo, {
    program: async () => ({ ...(await mfaAccess()) }),
    config: configurationOf(demo),
  });
  const { changes } = await stack.up();
  const outputs = await stack.outputs();
  const { users, groupArn, denyPolicyArn, roles } = outputs;
  say(
    [groupArn?.value, denyPolicyArn?.value, roles?.value[role].arn, users?.value[user].mfaSerial].join("\n"),
  );
  check(`${changes.create} resources were created`, (changes.create ?? 0) > 0);
  const second = stack.up();
  const again = async () => {
    check("a second pulumi up changes nothing", Object.keys((await second).changes).join() === "same");
    say(`The profile for ${user}'s ~/.aws/config:`);
    quote(users?.value[user].profile);
  };
  return { stack, outputs, again };
}

async function auditAccount(demo: Demo): Promise<void> {
  step("aws-mfa audit: what no stack manages");
  const { iam, host, names } = demo;
  const { byHand: RoleName, role, group, user } = names;
  const AssumeRolePolicyDocument = policyDocument({
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${host.account}:root` },
    Action: "sts:AssumeRole",
  });
  say(`An administrator creates the role ${RoleName} by hand. It trusts the whole account.`);
  await iam.createRole({ RoleName, AssumeRolePolicyDocument });
  const used = await usedByMachine(demo, RoleName);
  // The page stays after the demo.
  await mkdir(cacheFolder(), { recursive: true });
  const page = cached("demo-audit.html");
  const rehearsed = used && awsMfa(["rehearse", ...used.logs], { env: administrator(demo), exit: 1 });
  say(`$ aws-mfa audit --html demo-audit.html${used ? " --trail AWSLogs" : ""}`);
  // The heading of a finding; the table's form depends on the width.
  const found = new RegExp(`^role ${RoleName}: iam-role-requires-mfa`, "m");
  const printed = await until(host, found, () =>
    awsMfa(["audit", "--html", page, ...(used?.logs ?? [])], { env: administrator(demo), exit: 1 }),
  );
  quote(printed);
  check(`it finds ${RoleName}, and who can assume it`, found.test(printed));
  if (used && rehearsed) {
    check("it reports who uses the role, according to CloudTrail", printed.includes("Used by machines"));
    say("$ aws-mfa rehearse --trail AWSLogs");
    const plan = await rehearsed;
    quote(plan);
    check(
      "it reports whom the fix would stop, and what to use instead",
      plan.includes(`user ${RoleName} would be stopped (machines)`) && plan.includes("GitHub Actions"),
    );
  }
  say("The exit code is 1, because there is something to fix.");
  check(
    "nothing that the stack created is bypassable",
    !new RegExp(`^\\w+ (${role}|${group}|${user}): iam-\\w+-requires-mfa`, "m").test(printed),
  );
  say(`The page for a browser: ${page}`);
  await iam.deleteRole({ RoleName });
  await used?.remove();
}

/** Assumes the role as a CI job with an access key. Returns the options for CloudTrail's log files, if the host has them. */
async function usedByMachine(demo: Demo, name: string) {
  const { host, iam } = demo;
  if (host.writeEvents === undefined) return undefined;
  const folder = await temporaryFolder(demo);
  say(`A job in GitHub Actions uses it with an access key of the user ${name}.`);
  const RoleArn = `arn:aws:iam::${host.account}:role/${name}`;
  const PolicyDocument = policyDocument({ Effect: "Allow", Action: "sts:AssumeRole", Resource: RoleArn });
  await iam.createUser({ UserName: name });
  await iam.putUserPolicy({ UserName: name, PolicyName: "deploy", PolicyDocument });
  const { id: accessKeyId, secret: secretAccessKey } = await newKeys(iam, name);
  const job = new STS({
    ...clientSettings(host, { accessKeyId, secretAccessKey }),
    customUserAgent: "configure-aws-credentials-for-github-actions",
  });
  await job.assumeRole({ RoleArn, RoleSessionName: "GitHubActions" });
  await host.writeEvents(folder);
  return { logs: ["--trail", folder], remove: () => deleteUser(iam, name, true) };
}

async function takeDown({ iam, names }: Demo, stack: LocalStack): Promise<void> {
  step("pulumi destroy");
  await iam.deleteRolePolicy({ RoleName: names.role, PolicyName: "AWSRevokeOlderSessions" });
  const { changes } = await stack.destroy();
  check(`${changes.delete} resources were deleted`, (changes.delete ?? 0) > 0);
  const { Users = [] } = await iam.listUsers();
  const { Groups = [] } = await iam.listGroups();
  const { Roles = [] } = await iam.listRoles();
  check(
    "no user, group or role of these stacks is left",
    !Users.some(({ UserName }) => UserName === names.user) &&
      !Groups.some(({ GroupName }) => GroupName === names.group) &&
      !Roles.some(({ RoleName = "" }) => [names.role, names.release].includes(RoleName)),
  );
}

/** The stack's configuration: on the local AWS only the user, in an account all names. */
function configurationOf({ names }: Demo): Record<string, unknown> {
  const users = { "aws-mfa-stack:users": [names.user] };
  if (names.group === "MFA") return users;
  return {
    ...users,
    "aws-mfa-stack:groupName": names.group,
    "aws-mfa-stack:roles": [{ name: names.role, managedPolicyArns: [READS_S3] }],
  };
}

const READS_S3 = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
