import { mkdir } from "node:fs/promises";
import { STS } from "@aws-sdk/client-sts";
import type { OutputMap } from "@pulumi/pulumi/automation";
import { mfaAccess } from "../../stack/stack";
import { cached, cacheFolder } from "../cache";
import type { LocalStack } from "../engine/stack";
import { awsMfa } from "./command";
import { until } from "./host";
import { leave } from "./leave";
import { type Keys, newKeys } from "./member";
import { ahead, proven, quote, say, settled, step } from "./narrator";
import { otherStacks } from "./other-stacks";
import { administrator, clientSettings, type Scene, stackOn, temporaryFolder } from "./scene";
import { enroll, signIn } from "./sign-in";
import { stolenKeys } from "./stolen-keys";

/**
 * The steps of the demo, on whatever AWS the scene has. Throws where something does not come out.
 *
 * @param beforeLeaving what else is done while the user has a device, with their keys and its seed
 */
export async function play(
  scene: Scene,
  beforeLeaving: (keys: Keys, seed: string) => Promise<void> = async () => {},
): Promise<void> {
  // Nothing but the screen makes these steps wait for those before them.
  const others = ahead(() => otherStacks(scene));
  try {
    const { stack, outputs, again } = await deploy(scene);
    const keys = await newKeys(scene.iam, scene.names.user);
    const stolen = ahead(() => stolenKeys(scene, stack, keys));
    await again();
    await stolen.show();
    const enrolled = ahead(() => enroll(scene, stack, outputs, keys));
    await others.show();
    const user = await enrolled.show();
    const found = ahead(() => lookAround(scene));
    await signIn(scene, user);
    await found.show();
    await beforeLeaving(keys, user.seed);
    await leave(scene, stack, user.member);
    await takeDown(scene, stack);
  } finally {
    // Where one step fails, others may still be making things.
    await settled();
  }
}

interface Deployed {
  readonly stack: LocalStack;
  readonly outputs: OutputMap;
  /** The rest of the step. */
  again(): Promise<void>;
}

async function deploy(scene: Scene): Promise<Deployed> {
  const { user, role } = scene.names;
  step("pulumi up, with the policy pack on");
  const stack = await stackOn(scene, {
    program: async () => ({ ...(await mfaAccess()) }),
    config: configurationOf(scene),
  });
  const { changes } = await stack.up();
  const outputs = await stack.outputs();
  const { users, groupArn, denyPolicyArn, roles } = outputs;
  say(
    [groupArn?.value, denyPolicyArn?.value, roles?.value[role].arn, users?.value[user].mfaSerial].join("\n"),
  );
  proven(`${changes.create} resources were created`, (changes.create ?? 0) > 0);
  const second = stack.up();
  const again = async () => {
    proven("a second pulumi up changes nothing", Object.keys((await second).changes).join() === "same");
    say(`The profile for ${user}'s ~/.aws/config:`);
    quote(users?.value[user].profile);
  };
  return { stack, outputs, again };
}

async function lookAround(scene: Scene): Promise<void> {
  step("aws-mfa audit: what no stack describes");
  const { iam, host, names } = scene;
  const { byHand: RoleName, role, group, user } = names;
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${host.account}:root` },
        Action: "sts:AssumeRole",
      },
    ],
  });
  say(`Somebody makes the role ${RoleName} by hand, which trusts the whole account:`);
  await iam.createRole({ RoleName, AssumeRolePolicyDocument });
  const used = await usedByMachine(scene, RoleName);
  // It stays after the demo, to be looked at.
  await mkdir(cacheFolder(), { recursive: true });
  const page = cached("demo-audit.html");
  const rehearsed = used && awsMfa(["rehearse", ...used.logs], { env: administrator(scene), exit: 1 });
  say(`$ aws-mfa audit --html demo-audit.html${used ? " --trail AWSLogs" : ""}`);
  // The heading of a finding: the table has another form where its words are too long for the width.
  const found = new RegExp(`^role ${RoleName}: iam-role-requires-mfa`, "m");
  const printed = await until(host, found, () =>
    awsMfa(["audit", "--html", page, ...(used?.logs ?? [])], { env: administrator(scene), exit: 1 }),
  );
  quote(printed);
  proven(`it found ${RoleName}, and who gets in`, found.test(printed));
  if (used && rehearsed) {
    proven("it says who uses it, by CloudTrail's events", printed.includes("Used by machines"));
    say("$ aws-mfa rehearse --trail AWSLogs");
    const plan = await rehearsed;
    quote(plan);
    proven(
      "it says whom the fix would stop, and the way out",
      plan.includes(`user ${RoleName} would be stopped (machines)`) && plan.includes("GitHub Actions"),
    );
  }
  say("It ends with 1, since there is something to fix.");
  proven(
    "nothing that the stack made is bypassable",
    !new RegExp(`^\\w+ (${role}|${group}|${user}): iam-\\w+-requires-mfa`, "m").test(printed),
  );
  say(`The page, for a browser: ${page}`);
  await iam.deleteRole({ RoleName });
  await used?.remove();
}

/** A CI job assumes the role with a user's access key; CloudTrail's log files of it, where they can be had. */
async function usedByMachine(scene: Scene, name: string) {
  const { host, iam } = scene;
  if (host.writeEvents === undefined) return undefined;
  const folder = await temporaryFolder(scene);
  say(`A job in GitHub Actions uses it, with an access key of the user ${name}.`);
  const RoleArn = `arn:aws:iam::${host.account}:role/${name}`;
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: RoleArn }],
  });
  await iam.createUser({ UserName: name });
  await iam.putUserPolicy({ UserName: name, PolicyName: "deploy", PolicyDocument });
  const { id: accessKeyId, secret: secretAccessKey } = await newKeys(iam, name);
  const job = new STS({
    ...clientSettings(host, { accessKeyId, secretAccessKey }),
    customUserAgent: "configure-aws-credentials-for-github-actions",
  });
  await job.assumeRole({ RoleArn, RoleSessionName: "GitHubActions" });
  await host.writeEvents(folder);
  const remove = async () => {
    await iam.deleteAccessKey({ UserName: name, AccessKeyId: accessKeyId });
    await iam.deleteUserPolicy({ UserName: name, PolicyName: "deploy" });
    await iam.deleteUser({ UserName: name });
  };
  return { logs: ["--trail", folder], remove };
}

async function takeDown({ iam, names }: Scene, stack: LocalStack): Promise<void> {
  step("pulumi destroy");
  await iam.deleteRolePolicy({ RoleName: names.role, PolicyName: "AWSRevokeOlderSessions" });
  const { changes } = await stack.destroy();
  proven(`${changes.delete} resources were deleted`, (changes.delete ?? 0) > 0);
  const { Users = [] } = await iam.listUsers();
  const { Groups = [] } = await iam.listGroups();
  const { Roles = [] } = await iam.listRoles();
  const left = [
    ...Users.map(({ UserName }) => UserName),
    ...Groups.map(({ GroupName }) => GroupName),
    ...Roles.map(({ RoleName }) => RoleName),
  ];
  const made = [names.user, names.group, names.role, names.release];
  proven("no user, group or role of these stacks is left", !made.some((name) => left.includes(name)));
}

/** What is configured: by default all but the user; in an account each name is the run's own. */
function configurationOf({ names }: Scene): Record<string, unknown> {
  const users = { "aws-mfa-stack:users": [names.user] };
  if (names.group === "MFA") return users;
  return {
    ...users,
    "aws-mfa-stack:groupName": names.group,
    "aws-mfa-stack:roles": [{ name: names.role, managedPolicyArns: [READS_S3] }],
  };
}

const READS_S3 = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
