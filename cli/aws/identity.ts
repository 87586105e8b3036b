import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { Failure } from "../failure";
import type { Aws } from "./connect";
import { attempt } from "./explain";

export interface Identity {
  readonly arn: string;
  readonly account: string;
  /** The user's name; absent for a role's session and for the root user. */
  readonly user: string | undefined;
}

/** Who the credentials belong to. Throws Failure where AWS does not take them. */
export async function callerIdentity({ sts }: Pick<Aws, "sts">, abort?: AbortSignal): Promise<Identity> {
  const { Arn: arn = "", Account: account = "" } = await attempt("find out whose the credentials are", () =>
    sts.send(new GetCallerIdentityCommand({}), { ...(abort && { abortSignal: abort }) }),
  );
  return { arn, account, user: /^arn:[^:]+:iam::\d{12}:user\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1] };
}

/** Credentials of another account would find nothing, or the wrong user. Throws Failure (`credentials`). */
export function assertAccount(identity: Identity, arn: string): void {
  const account = arn.split(":")[4];
  if (account === identity.account) return;
  throw new Failure(
    "credentials",
    `The credentials belong to ${identity.arn}, and ${arn} is in account ${account}.`,
    "Use credentials of that account: --profile NAME",
  );
}
