import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AttachUserPolicyCommand, CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { releaseAccess } from "../../examples/bad/release-access";
import { backupAccess } from "../../examples/good/backup-access";
import { localClient } from "../aws/root";
import { EngineFailure } from "../engine/failure";
import { POLICY_PACK } from "../engine/stack";
import { awsCli, newKeys, settleIn } from "./member";
import { ACCOUNT, ADMINISTRATOR } from "./names";
import { proven, quote, say, step } from "./narrator";
import { type Scene, stackOn, temporaryFolder } from "./scene";

/** The account that the bad example trusts. */
const TRUSTED = "111122223333";
const BAD = { program: releaseAccess, project: "release-access" };

export async function previewOthers(scene: Scene): Promise<void> {
  step("pulumi preview of two other stacks, with the policy pack on");
  say("examples/bad:");
  const bad = await stackOn(scene, BAD);
  const outcome = await bad.preview().catch((error: unknown) => error);
  if (outcome instanceof EngineFailure) quote(policiesPart(outcome.printed));
  proven(
    "it is rejected",
    outcome instanceof EngineFailure && outcome.printed.includes("iam-role-requires-mfa"),
  );
  say("examples/good:");
  const good = await stackOn(scene, { program: backupAccess, project: "backup-access" });
  const { printed } = await good.preview();
  quote(policiesPart(printed));
  proven("it is accepted", printed.includes("✅ aws-mfa@"));
}

/** Without the pack the bad example is deployed, and who steals keys of the account that it trusts walks in. */
export async function walkIntoBad(scene: Scene): Promise<void> {
  step("examples/bad, deployed without the policy pack");
  const deployed = await stackOn(scene, { ...BAD, policyPacks: [] });
  await deployed.up();
  const carol = await userOfTrustedAccount(scene);
  const walkIn = async () => {
    const args = ["sts", "assume-role", "--role-arn", `arn:aws:iam::${ACCOUNT}:role/Release`];
    say(`$ ${["aws", ...args].join(" ")} …`);
    const query = ["--query", "AssumedRoleUser.Arn", "--output", "text"];
    const { printed } = await awsCli([...args, "--role-session-name", "carol", ...query], carol);
    quote(printed);
    return printed;
  };
  say(`carol of account ${TRUSTED} has access keys, and gives no code:`);
  proven(
    "she is in: its MFA condition requires no MFA",
    (await walkIn()).includes("assumed-role/Release/carol"),
  );
  await deployed.destroy();

  say('The same with the pack, and "remediate" for these people:');
  const remediated = await stackOn(scene, {
    ...BAD,
    policyPacks: [POLICY_PACK],
    policyPackConfigs: [await remediation(scene)],
  });
  await remediated.up();
  proven("she is not any more", /AccessDenied/.test(await walkIn()));
  await remediated.destroy();
}

async function remediation(scene: Scene): Promise<string> {
  const file = join(await temporaryFolder(scene), "policy-config.json");
  const config = {
    "iam-role-requires-mfa": {
      enforcementLevel: "remediate",
      peopleArns: [`arn:aws:iam::${TRUSTED}:user/*`],
    },
    "iam-group-requires-mfa": { enforcementLevel: "advisory" },
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}

async function userOfTrustedAccount(scene: Scene) {
  const iam = new IAMClient({ ...localClient(scene.aws.endpoint), credentials: scene.aws.rootOf(TRUSTED) });
  await iam.send(new CreateUserCommand({ UserName: "carol" }));
  await iam.send(new AttachUserPolicyCommand({ UserName: "carol", PolicyArn: ADMINISTRATOR }));
  return settleIn(await temporaryFolder(scene), await newKeys(iam, "carol"), scene.aws.endpoint);
}

/** The part of the CLI's output that is the pack's: from `Policies:` up to the next heading. */
function policiesPart(printed: string): string {
  const lines = printed.split("\n");
  const start = lines.findIndex((line) => line.startsWith("Policies:"));
  const end = lines.findIndex((line, index) => index > start && /^\S.*:$/.test(line));
  return lines.slice(Math.max(start, 0), end === -1 ? undefined : end).join("\n");
}
