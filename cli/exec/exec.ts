import { constants } from "node:os";
import { isatty } from "node:tty";
import spawn from "cross-spawn";
import { settingsOf } from "../aws/connect";
import { attempt } from "../aws/explain";
import { settingsIn } from "../aws-config/settings";
import { Failure, reasonOf, systemCode } from "../failure";
import { withSignals } from "../interruption";

/** Variables of other credentials, which the command must not use instead of the session. */
const OTHERS = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN", "AWS_CREDENTIAL_EXPIRATION"];

/**
 * The environment of this process with a session of the profile instead of any other credentials.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html
 *
 * @throws Failure (`credentials`) if the profile has long-term access keys, which need no code
 */
export async function sessionEnvironment(profile: string): Promise<NodeJS.ProcessEnv> {
  const { credentials } = await settingsOf({ profile });
  const session = await attempt(`get the credentials of the profile ${profile}`, credentials);
  if (session.sessionToken === undefined) {
    throw new Failure(
      "credentials",
      `The profile ${profile} has long-term access keys, not a session: nothing asks for a code.`,
      "Name a profile that assumes a role, such as mfabasedaccess.",
    );
  }
  const settings = await settingsIn(profile);
  const region = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || settings.region;
  const endpoint = process.env.AWS_ENDPOINT_URL || settings.endpoint_url;
  const { expiration } = session;
  const others = Object.entries(process.env).filter(([name]) => !OTHERS.includes(name));
  return {
    ...Object.fromEntries(others),
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
    ...(expiration && { AWS_CREDENTIAL_EXPIRATION: expiration.toISOString() }),
    ...(region && { AWS_REGION: region, AWS_DEFAULT_REGION: region }),
    ...(endpoint && { AWS_ENDPOINT_URL: endpoint }),
  };
}

/**
 * Runs a command without a shell, on this terminal, and returns its exit code. If a signal ended it, this is 128 plus the signal's
 * number, as in a shell.
 *
 * @throws Failure (`usage`) if the command cannot be started
 */
export function exitCodeOf(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const child = spawn(command, [...args], { stdio: "inherit", env });
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", (error) => {
      const problem = systemCode(error) === "ENOENT" ? "there is no such command on PATH" : reasonOf(error);
      reject(new Failure("usage", `Cannot run ${command}: ${problem}.`, "Check its spelling."));
    });
    child.on("exit", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
  return withSignals(
    (signal) => {
      // The terminal sends Ctrl-C to both processes.
      if (signal !== "SIGINT" || !isatty(0)) child.kill(signal);
      return true;
    },
    () => ended,
  );
}
