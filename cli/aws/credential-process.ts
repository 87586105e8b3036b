import { sessionOf } from "../aws-config/own-command";
import { silenceMs } from "../patience";

type Settings = Readonly<Record<string, Readonly<Record<string, string | undefined>> | undefined>>;

/**
 * Gets the credentials of a profile. Where a program of the person's own (`credential_process`) gives them and takes long, this says
 * on standard error what is waited for: that program may be asking somebody, so it is not ended, and the SDK shows nothing of it.
 *
 * @param files the profiles of each file that has some; the last counts
 * @param get calls `given` when the program has given what it has
 */
export async function toldWhileWaiting<T>(
  profile: string,
  files: readonly Settings[],
  get: (given: () => void) => Promise<T>,
): Promise<T> {
  const owner = ownerOfProcess(profile, files);
  if (owner === undefined) return get(() => {});
  const timer = setTimeout(
    () =>
      process.stderr.write(
        `Waiting for the credential_process of the profile ${owner}, which has given nothing for ${silenceMs() / 1000} s. Ctrl-C ends this.\n`,
      ),
    silenceMs(),
  );
  const given = () => clearTimeout(timer);
  try {
    return await get(given);
  } finally {
    given();
  }
}

/** The profile, or the one that it has as its source, whose credentials a program gives. */
function ownerOfProcess(profile: string, files: readonly Settings[]): string | undefined {
  const seen = new Set<string>();
  for (let name: string | undefined = profile; name !== undefined && !seen.has(name); ) {
    seen.add(name);
    const settings: Settings[string] = Object.assign({}, ...files.map((file) => file[name ?? ""]));
    const program = settings?.credential_process;
    // `aws-mfa session` says itself what it waits for: a line of somebody else's would break its prompt.
    if (program) return sessionOf(program) ? undefined : name;
    name = settings?.source_profile;
  }
  return undefined;
}
