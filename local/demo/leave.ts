import type { LocalStack } from "../engine/stack";
import { awsMfa } from "./command";
import { until } from "./host";
import { awsCli, type Member } from "./member";
import { PROFILE } from "./names";
import { ahead, proven, quote, say, step } from "./narrator";
import { administrator, type Scene, STACK } from "./scene";

/** After a user has left, nothing of theirs works. */
export async function leave(scene: Scene, stack: LocalStack, member: Member): Promise<void> {
  const { user, role, bucket } = scene.names;
  step(`${user} leaves`);
  say(`$ aws-mfa offboard ${user} --stack ${STACK} --yes`);
  const offboard = ["offboard", user, "--stack", STACK, "--project", stack.folder, "--yes"];
  const said = await awsMfa(offboard, { env: administrator(scene) });
  quote(said);
  const list = async (profile: string, how: string, expected: RegExp, claim: string) => {
    const printed = await until(
      scene.host,
      expected,
      async () => (await awsCli(["s3", "ls"], member, { profile })).printed,
    );
    say(`$ aws s3 ls     # ${how}`);
    quote(printed);
    proven(claim, expected.test(printed));
  };
  const goesOn = ahead(() =>
    list(
      PROFILE,
      "in the session started earlier",
      new RegExp(bucket),
      "the role session started earlier still works, as offboard says",
    ),
  );
  await list("default", "with the keys", /InvalidAccessKeyId/, "the keys no longer work");
  await goesOn.show();
  say("So its last command is run too, which ends the sessions of the role:");
  say(`$ aws iam put-role-policy --role-name ${role} …`);
  const [, PolicyDocument] = /--policy-document '(.*)'/.exec(said) ?? [];
  const revocation = { RoleName: role, PolicyName: "AWSRevokeOlderSessions", PolicyDocument };
  await scene.iam.putRolePolicy(revocation);
  await list(PROFILE, "in that session", /explicit deny/, "nothing works any more");
  await scene.s3.deleteBucket({ Bucket: bucket });
}
