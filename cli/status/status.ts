import { connect } from "../aws/connect";
import { assertAccount, callerIdentity } from "../aws/identity";
import type { Failure } from "../failure";
import { stackOutputs } from "../stack/outputs";
import { configKey, type StackChoice } from "../stack/project";
import { asIs } from "../terminal/escape-controls";
import { withProgress } from "../terminal/progress";
import { outputWidth } from "../terminal/wrap";
import { reportOf } from "./report";
import { survey } from "./survey";
import { tableOf } from "./table";

/**
 * Prints one row for each user of the stack.
 *
 * @returns why a user could not be read, if there was one
 */
export async function status(
  choice: StackChoice,
  how: { readonly profile: string | undefined; readonly maxKeyDays: number; readonly json: boolean },
): Promise<Failure | undefined> {
  const outputs = await stackOutputs(choice);
  using aws = await connect({ profile: how.profile, patient: true });
  const identity = await callerIdentity(aws);
  assertAccount(identity, outputs.groupArn);
  const total = outputs.users.size;
  const usersKey = configKey(choice, "users");
  const rows = await withProgress("Reading the users", total, (done) =>
    survey(aws, outputs, { stack: choice.stack, usersKey, maxKeyDays: how.maxKeyDays }, done),
  );
  if (how.json) process.stdout.write(asIs(reportOf(choice.stack, identity.account, rows)));
  else if (rows.length === 0) process.stdout.write(`The stack has no users. Add some to ${usersKey}.\n`);
  else process.stdout.write(`${tableOf(rows, new Date(aws.clock.now()), outputWidth())}\n`);
  return rows.flatMap((row) => (row.kind === "unseen" ? row.failure : []))[0];
}
