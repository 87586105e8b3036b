import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { z } from "zod";
import { Failure } from "../failure";
import type { Aws } from "./connect";
import { attempt } from "./explain";
import { notAws } from "./unanswered";

export interface Identity {
  readonly arn: string;
  readonly account: string;
  /** The user's name; absent for a role's session and for the root user. */
  readonly user: string | undefined;
}

// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
const identity = z.object({
  Arn: z.string().regex(/^arn:[a-z-]+:(iam|sts)::\d{12}:/),
  Account: z.string().regex(/^\d{12}$/),
});

/** Who the credentials belong to. Throws Failure where AWS does not take them. */
export function callerIdentity({ sts }: Pick<Aws, "sts">, abort?: AbortSignal): Promise<Identity> {
  return attempt("identify the caller", async () => {
    const said = await sts.send(new GetCallerIdentityCommand({}), { ...(abort && { abortSignal: abort }) });
    const parsed = identity.safeParse(said);
    if (!parsed.success) throw notAws("it names nobody");
    const { Arn: arn, Account: account } = parsed.data;
    return { arn, account, user: /^arn:[^:]+:iam::\d{12}:user\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1] };
  });
}

/** The virtual device that bears the user's name, as the first of the stack's does, or a further one of that name. */
export function ownDevice({ arn, account }: Identity, user: string, further?: string): string {
  const first = `${arn.split(":").slice(0, 3).join(":")}::${account}:mfa/${user}`;
  return further === undefined ? first : `${first}/${further}`;
}

/** Credentials of another account would find nothing, or the wrong user. Throws Failure (`credentials`). */
export function assertAccount(
  identity: Identity,
  arn: string,
  remedy = "Use credentials for the expected account: --profile NAME",
): void {
  const account = arn.split(":")[4];
  if (account === identity.account) return;
  throw new Failure(
    "credentials",
    `The credentials are for the wrong account: expected ${account} (${arn}), got ${identity.account} (${identity.arn}).`,
    remedy,
  );
}
