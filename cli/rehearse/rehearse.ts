import { audit } from "../audit/audit";
import { jsonOf } from "../audit/input-text";
import { givenLimits } from "../audit/limits/given";
import type { Report } from "../audit/report";
import { defaultSettings, settingsFrom } from "../audit/settings";
import { type LogOptions, readLogs } from "../audit/usage/logs";
import { Failure } from "../failure";
import { interruptible } from "../interruption";
import { withLine } from "../terminal/progress";
import { accountOf } from "./arn";
import { planOf } from "./build-plan";
import { type Asked, changeOf, type GivenPolicy } from "./change";
import type { Plan } from "./plan";
import { hasCredentials, Rehearsal } from "./rehearsal";

/** What to rehearse, and the logs of the recorded calls. */
export interface RehearseOptions extends LogOptions {
  readonly guard?: boolean;
  /** A file with a guard, which implies `guard`. */
  readonly policy?: string;
  /** NAME=FILE. */
  readonly role?: readonly string[];
  /** FILE, or FILE=ACCOUNTS. */
  readonly scp?: readonly string[];
  readonly rcp?: readonly string[];
  readonly exemptions?: string;
}

/**
 * Audits the account, and replays recorded calls against the change.
 *
 * @param paths files of the account, instead of the account of the credentials
 * @throws Failure if the account, a log or a policy cannot be read
 */
export async function rehearse(
  paths: readonly string[],
  options: RehearseOptions,
): Promise<{ plan: Plan; report: Report }> {
  const { profile, region, roleArn, organization, exemptions, since, usage, trail } = options;
  const settings =
    exemptions === undefined
      ? defaultSettings()
      : settingsFrom(await jsonOf(exemptions, "the policies' configuration"), exemptions);
  const asked = await askedIn(options);
  const account = { who: { profile, region }, roleArn, organization };
  const report = await withLine((show) =>
    interruptible((abort) =>
      audit({ paths, states: [], account }, settings, abort, (id, { users, groups, roles }) =>
        show(`Reading ${id}: ${roles.length} roles, ${groups.length} groups, ${users.length} users`),
      ),
    ),
  );
  if (!report.places.some(({ kind }) => kind === "account")) {
    throw new Failure(
      "unseen",
      "The files contain no account, so there are no users or roles to rehearse.",
      "Give what aws iam get-account-authorization-details and get-credential-report print, or no path for the account of your credentials.",
    );
  }
  const now = new Date();
  const change = changeOf(asked, report, settings);
  const period = {
    ...(since !== undefined && { since: new Date(since).toISOString() }),
    isLookedUp: usage === true,
    lacksRoleCalls: usage === true && trail === undefined,
  };
  const rehearsal = new Rehearsal(change, report, period, now);
  const users = rehearsal.touched("user").filter(({ setup }) => setup === undefined || hasCredentials(setup));
  const read = await readLogs(report, options, rehearsal.add, ({ name }) =>
    users.flatMap((user) => (accountOf(user.id) === name ? [user.name] : [])),
  );
  return { plan: planOf(change, report, rehearsal, read, now), report };
}

async function askedIn({ guard, policy, role = [], scp, rcp }: RehearseOptions): Promise<Asked> {
  const given = async (file: string, what: string): Promise<GivenPolicy> => ({
    file,
    document: await jsonOf(file, what),
  });
  const givenRole = async (each: string) => {
    const [name = "", ...file] = each.split("=");
    return { name, ...(await given(file.join("="), "a trust policy")) };
  };
  return {
    ...(policy !== undefined
      ? { guard: { policy: await given(policy, "a guard policy") } }
      : guard === true && { guard: {} }),
    roles: await Promise.all(role.map(givenRole)),
    limits: await givenLimits({ scp, rcp }),
  };
}
