import { GetSessionTokenCommand } from "@aws-sdk/client-sts";
import { type CodePrompt, withCode } from "./code-prompt";
import type { Aws } from "./connect";
import { attempt } from "./explain";
import { type SessionCredentials, sessionCredentials } from "./session-credentials";

/** The shortest session that AWS allows, in seconds. */
export const SHORTEST_SESSION = 900;

/**
 * Starts a session of a user with a code.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 *
 * @throws Failure if AWS refuses, or nobody can be asked for a code
 */
export function sessionWithCode(
  { sts }: Pick<Aws, "sts">,
  serial: string,
  asking: CodePrompt,
  seconds: number,
): Promise<SessionCredentials> {
  return attempt("start a session", () =>
    withCode(serial, asking, async (code) => {
      const { Credentials } = await sts.send(
        new GetSessionTokenCommand({ SerialNumber: serial, TokenCode: code, DurationSeconds: seconds }),
      );
      return sessionCredentials(Credentials);
    }),
  );
}
