import type { AwsWithFaults } from "./aws-with-faults";
import type { Setting } from "./command";
import type { Fixture } from "./fixture";
import type { PtySession } from "./pty";

/** Runs a command as the administrator, with AWS behind its faults. A variable that is changed to `undefined` is unset. */
export function administratorOf(
  { administrator }: Fixture,
  { endpoint }: AwsWithFaults,
  change: Readonly<Record<string, string | undefined>> = {},
): Setting {
  const entries = Object.entries({ ...administrator, AWS_ENDPOINT_URL: endpoint, ...change });
  return {
    env: Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  };
}

/** Enters two codes at the prompts of an enrollment. */
export async function entersCodes(
  sitting: PtySession,
  [first, second]: readonly [string, string],
): Promise<void> {
  await sitting.sees("Code shown by the app:");
  sitting.answers(first);
  await sitting.sees("Next code");
  sitting.answers(second);
}
