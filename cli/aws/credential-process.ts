import { sessionOf } from "../aws-config/own-command";
import { readSettings, type Settings } from "../aws-config/settings";
import { timeoutMs } from "../timeout";

/**
 * Gets the credentials of a profile. If they come from the person's own program (`credential_process`) and it takes long, this
 * reports on standard error what it waits for. The program may be waiting for input that the SDK does not show, so it is not killed.
 *
 * @param get calls `received` when the program has returned
 */
export async function reportWhileWaiting<T>(
  profile: string,
  get: (received: () => void) => Promise<T>,
): Promise<T> {
  const owner = await processOwner(profile);
  if (owner === undefined) return get(() => {});
  const timer = setTimeout(
    () =>
      process.stderr.write(
        `Waiting for the credential_process of the profile ${owner}: no output for ${timeoutMs() / 1000} s. Ctrl-C stops this.\n`,
      ),
    timeoutMs(),
  );
  const received = () => clearTimeout(timer);
  try {
    return await get(received);
  } finally {
    received();
  }
}

/** The profile whose program provides the credentials: this one, or one of its sources. */
async function processOwner(profile: string): Promise<string | undefined> {
  const settingsOf = await readSettings();
  const seen = new Set<string>();
  for (let name: string | undefined = profile; name !== undefined && !seen.has(name); ) {
    seen.add(name);
    const { credential_process: program, source_profile: source }: Settings = settingsOf(name) ?? {};
    // `aws-mfa session` itself says what it waits for. Another line would break its prompt.
    if (program) return sessionOf(program) ? undefined : name;
    name = source;
  }
  return undefined;
}
