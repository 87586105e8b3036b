import { constants } from "node:os";
import { isatty } from "node:tty";
import spawn from "cross-spawn";
import { settingOf, settingsOf } from "../aws/connect";
import { attempt } from "../aws/explain";
import { Failure, reasonOf, systemCode } from "../failure";
import { withSignals } from "../interruption";

/** What names or describes other credentials, which the child must not take instead of the session's. */
const OTHERS = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN", "AWS_CREDENTIAL_EXPIRATION"];

/**
 * The environment of this process with the session of a profile in it, and nothing of any other.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html
 *
 * @throws Failure (`credentials`) where the profile has long-term access keys: nothing would ask for a code then
 */
export async function sessionEnvironment(profile: string): Promise<NodeJS.ProcessEnv> {
  const { credentials } = await settingsOf({ profile });
  const session = await attempt(`get the credentials of the profile ${profile}`, async () =>
    typeof credentials === "function" ? credentials() : credentials,
  );
  if (session.sessionToken === undefined) {
    throw new Failure(
      "credentials",
      `The profile ${profile} has long-term access keys, not a session: nothing asks for a code.`,
      "Name a profile that assumes a role, such as mfabasedaccess.",
    );
  }
  const region =
    process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || (await settingOf(profile, "region"));
  const endpoint = process.env.AWS_ENDPOINT_URL || (await settingOf(profile, "endpoint_url"));
  const { expiration } = session;
  const kept = Object.entries(process.env).filter(([name]) => !OTHERS.includes(name));
  return {
    ...Object.fromEntries(kept),
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
    ...(expiration && { AWS_CREDENTIAL_EXPIRATION: expiration.toISOString() }),
    ...(region && { AWS_REGION: region, AWS_DEFAULT_REGION: region }),
    ...(endpoint && { AWS_ENDPOINT_URL: endpoint }),
  };
}

/**
 * Runs a command without a shell, on this terminal, and gives its exit code: 128 and the signal's number where a signal ended it,
 * as shells do.
 *
 * @throws Failure (`usage`) where there is no such command
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
      // Ctrl-C reaches both from the terminal.
      if (signal !== "SIGINT" || !isatty(0)) child.kill(signal);
    },
    () => ended,
  );
}
