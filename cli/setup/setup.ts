import { codePrompt } from "../aws/code-prompt";
import { enrollSelf } from "../enroll/by-user";
import { EXIT } from "../failure";
import { assertLasting } from "../profile/session-command-line";
import { style } from "../terminal/escape-controls";
import { type Check, checkText } from "../verify/check";
import { verifyProfile } from "../verify/verify";
import { accessKeyOf } from "./access-key";
import { type RoleOptions, roleProfile } from "./role-profile";

const STEPS = ["Access key", "Profile", "MFA device", "Check"] as const;

/**
 * Sets up this computer, from an access key to a session. The AWS files and AWS themselves show which steps are done: there is no other
 * state.
 *
 * @returns the exit code
 * @throws Failure of the first step that fails; the steps before it stay done
 */
export async function setUp(options: RoleOptions): Promise<number> {
  const { sourceProfile, oneCode, keepIn } = options;
  // Before the first prompt.
  if (oneCode || keepIn === "keyring") assertLasting();
  begin("Access key");
  const owner = await accessKeyOf(sourceProfile, options.region, keepIn);
  begin("Profile");
  const profile = await roleProfile(options, owner);
  begin("MFA device");
  await enrollSelf({ profile: sourceProfile, showSeed: false, codes: false });
  begin("Check");
  const failed = await check(profile);
  process.stdout.write(failed === undefined ? done(profile) : `\n${AGAIN}\n`);
  return failed === undefined ? EXIT.done : EXIT[failed.exit];
}

function begin(step: (typeof STEPS)[number]): void {
  const nth = STEPS.indexOf(step) + 1;
  process.stdout.write(`${nth === 1 ? "" : "\n"}${style.bold(`${nth} of ${STEPS.length}  ${step}`)}\n`);
}

type Failed = Extract<Check, { outcome: "failed" }>;

async function check(profile: string): Promise<Failed | undefined> {
  let failed: Failed | undefined;
  await verifyProfile(
    profile,
    (check) => {
      process.stdout.write(checkText(check));
      if (check.outcome === "failed") failed ??= check;
    },
    (command) => {
      const { code, attempts } = codePrompt({ command, instead: "Run this in a terminal." });
      return {
        attempts,
        code: (serial, hint) => code(serial, hint ?? "Each code works once: wait for the next one."),
      };
    },
  );
  return failed;
}

const AGAIN = "Fix this, then run the same command again: steps that are done are skipped.";

function done(profile: string): string {
  const choose =
    process.platform === "win32" ? `$env:AWS_PROFILE = "${profile}"` : `export AWS_PROFILE=${profile}`;
  return `\nDone. To work, in any terminal:\n  ${choose}\n  aws s3 ls\n`;
}
