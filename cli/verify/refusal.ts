import { AssumeRoleCommand, GetSessionTokenCommand, type STSClient } from "@aws-sdk/client-sts";
import { type Aws, connect } from "../aws/connect";
import { explain } from "../aws/explain";
import { sessionCredentials } from "../aws/session-credentials";
import { SHORTEST_SESSION } from "../aws/session-token";
import { Failure } from "../failure";
import type { Chain } from "./chain";
import { type Check, failed, ok, unknown } from "./check";

/**
 * Asks AWS for the role without a code: with the access keys, and with a session that was started without one. AWS must refuse both.
 * This requires no permission; a member of the stack's group may not read the role's trust policy.
 */
export async function checkRefusal(aws: Aws, { roleArn, source, region, origin }: Chain): Promise<Check> {
  const name = roleArn.slice(roleArn.lastIndexOf("/") + 1);
  if (origin.kind === "other")
    return unknown(
      "role",
      `Not checked whether ${name} requires a code: ${source} already returns a session.`,
    );
  if (await isAssumed(aws.sts, roleArn)) return open(name, "to the access keys alone");
  const { Credentials } = await aws.sts.send(
    new GetSessionTokenCommand({ DurationSeconds: SHORTEST_SESSION }),
  );
  const credentials = sessionCredentials(Credentials);
  using session = await connect({ region, profile: source, credentials });
  if (await isAssumed(session.sts, roleArn))
    return open(name, "to a session that was started without a code");
  return ok("role", `AWS refuses ${name} to these access keys without a code.`);
}

function open(name: string, toWhom: string): Check {
  return failed(
    "role",
    new Failure(
      "failed",
      `AWS gives ${name} ${toWhom}: no code is needed.`,
      'Add "Bool": {"aws:MultiFactorAuthPresent": "true"} to the Condition of each statement of its trust policy that lets users in. An administrator finds it with: aws-mfa audit',
    ),
  );
}

async function isAssumed(sts: STSClient, RoleArn: string): Promise<boolean> {
  try {
    await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "aws-mfa-verify" }));
    return true;
  } catch (error) {
    if (explain(error).exit === "refused") return false;
    throw error;
  }
}
