import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { z } from "zod";
import { Failure } from "../failure";
import type { Aws } from "./connect";
import { attempt } from "./explain";
import { notAws } from "./unanswered";

export interface Identity {
  readonly arn: string;
  readonly account: string;
  /** The user's name; absent for a role session and the root user. */
  readonly user: string | undefined;
}

// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
const identity = z.object({
  Arn: z.string().regex(/^arn:[a-z-]+:(iam|sts)::\d{12}:/),
  Account: z.string().regex(/^\d{12}$/),
});

/** Whose credentials these are. Throws Failure if AWS rejects them. */
export function callerIdentity({ sts }: Pick<Aws, "sts">, abort?: AbortSignal): Promise<Identity> {
  return attempt("identify the caller", async () => {
    const response = await sts.send(new GetCallerIdentityCommand({}), {
      ...(abort && { abortSignal: abort }),
    });
    const parsed = identity.safeParse(response);
    if (!parsed.success) throw notAws("no caller identity in the response");
    const { Arn: arn, Account: account } = parsed.data;
    return { arn, account, user: /^arn:[^:]+:iam::\d{12}:user\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1] };
  });
}

/** The ARN of the stack's device for a user: the first one has the user's name, an additional one also its own. */
export function ownDevice({ arn, account }: Identity, user: string, name?: string): string {
  const first = `${arn.split(":").slice(0, 2).join(":")}:iam::${account}:mfa/${user}`;
  return name === undefined ? first : `${first}/${name}`;
}

/** Throws Failure (`credentials`) if the caller's account is not that of `arn`: requests would find nothing, or the wrong user. */
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
