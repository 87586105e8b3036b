import type { LocalStack } from "../engine/stack";
import { showAws, showMfa } from "./command";
import type { Member } from "./member";
import { PROFILE } from "./names";
import { ahead, check, say, step } from "./output";
import { administrator, type Demo, STACK } from "./setup";

/** A user is offboarded: keys and sessions stop working. */
export async function leave(demo: Demo, stack: LocalStack, member: Member): Promise<void> {
  const { user, role, bucket } = demo.names;
  step(`${user} leaves`);
  const offboard = ["offboard", user, "--stack", STACK, "--yes"];
  const env = administrator(demo);
  const printed = await showMfa(offboard, { env, hidden: ["--project", stack.folder] });
  const list = async (profile: string, how: string, expected: RegExp, claim: string) =>
    check(
      claim,
      await showAws(demo, member, ["s3", "ls"], expected, { shown: `s3 ls     # ${how}`, profile }),
    );
  const session = ahead(() =>
    list(
      PROFILE,
      "in the session started earlier",
      new RegExp(bucket),
      "the role session started earlier still works, as offboard reports",
    ),
  );
  await list("default", "with the keys", /InvalidAccessKeyId/, "the keys no longer work");
  await session.show();
  say("The last command that offboard printed revokes the role's sessions:");
  say(`$ aws iam put-role-policy --role-name ${role} …`);
  const [, PolicyDocument] = /--policy-document '(.*)'/.exec(printed) ?? [];
  const revocation = { RoleName: role, PolicyName: "AWSRevokeOlderSessions", PolicyDocument };
  await demo.iam.putRolePolicy(revocation);
  await list(PROFILE, "in that session", /explicit deny/, "it no longer works");
  await demo.s3.deleteBucket({ Bucket: bucket });
}
