import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { DeleteBucketCommand } from "@aws-sdk/client-s3";
import type { LocalStack } from "../engine/stack";
import { awsMfa } from "./command";
import { awsCli, type Member } from "./member";
import { BUCKET, PROFILE, ROLE, USER } from "./names";
import { proven, quote, say, step } from "./narrator";
import { administrator, type Scene, STACK } from "./scene";

/** After a user has left, nothing of theirs works. */
export async function leave(scene: Scene, stack: LocalStack, member: Member): Promise<void> {
  step(`${USER} leaves`);
  say(`$ aws-mfa offboard ${USER} --stack ${STACK} --yes`);
  const offboard = ["offboard", USER, "--stack", STACK, "--project", stack.folder, "--yes"];
  const said = await awsMfa(offboard, { env: administrator(scene) });
  quote(said);
  const list = async (profile: string, how: string) => {
    const { printed } = await awsCli(["s3", "ls"], member, { profile });
    say(`$ aws s3 ls     # ${how}`);
    quote(printed);
    return printed;
  };
  proven("the keys are no keys any more", /InvalidAccessKeyId/.test(await list("default", "with the keys")));
  proven(
    "the role's session that was begun before goes on, as offboard says",
    (await list(PROFILE, "in the session that was begun before")).includes(BUCKET),
  );
  say("So its last command is run too, which ends the sessions of the role:");
  say(`$ aws iam put-role-policy --role-name ${ROLE} …`);
  const [, PolicyDocument] = /--policy-document '(.*)'/.exec(said) ?? [];
  const revocation = { RoleName: ROLE, PolicyName: "AWSRevokeOlderSessions", PolicyDocument };
  await scene.iam.send(new PutRolePolicyCommand(revocation));
  proven("nothing works any more", /explicit deny/.test(await list(PROFILE, "in that session")));
  await scene.s3.send(new DeleteBucketCommand({ Bucket: BUCKET }));
}
