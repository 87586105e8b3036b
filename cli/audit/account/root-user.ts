import { fingerprint } from "../finding";
import type { Subject } from "../report";
import { lastUseOfUser } from "../usage/last-use";
import type { CredentialReport } from "./credential-report";
import { kindsOf } from "./devices";
import type { Listed } from "./listed";

/** No policy of the pack: no stack declares the root user. */
export const ROOT_POLICY = "iam-root-user-requires-mfa";

const CODE = "root-user-without-mfa";

/**
 * The state of the root user. No policy of the account can require MFA of it: its password asks for a code once a device is
 * assigned, and its access keys never do.
 * Source: IAM user guide, "Root user best practices for your AWS account".
 *
 * @returns `undefined` where the report has no row for it
 */
export function rootUser(account: string, { users }: CredentialReport, listed: Listed): Subject | undefined {
  const found = [...users].find(([arn]) => arn.endsWith(":root"));
  if (found === undefined) return undefined;
  const [id, { name: _, ...reported }] = found;
  const record = {
    ...reported,
    ...kindsOf(id, listed.devices),
    // The report may say `not_supported` of the password of a root user whose credentials were removed.
    ...(listed.rootPassword === false && { password: null }),
  };
  const hasKey = record.accessKeys.some(({ active }) => active);
  const lastUse = lastUseOfUser(record);
  const subject = {
    ...({ kind: "user", name: "root", id, notes: [], setup: { ...record, guardedBy: [] } } as const),
    ...(lastUse === undefined || lastUse === "none" ? {} : { lastUse }),
  };
  const open = [
    ...(record.mfaDevice || record.password === null ? [] : ["no MFA device"]),
    ...(hasKey ? ["an active access key"] : []),
  ];
  if (open.length === 0) {
    return {
      ...subject,
      standing: "protected",
      reason:
        record.password === null
          ? "It has no password and no active access key."
          : "It has an MFA device and no active access key.",
      findings: [],
    };
  }
  const reason = `The root user can be used without MFA: it has ${open.join(" and ")}.`;
  const fix = `Fix: sign in to ${account} as root, assign an MFA device and delete the access keys, or remove the root user's credentials from the organization.`;
  return {
    ...subject,
    standing: "open",
    reason,
    // Nothing in the account limits the root user.
    danger: { who: "named principals", can: "administrator", because: [], rank: 100 },
    findings: [
      {
        policy: ROOT_POLICY,
        severity: "critical",
        level: "mandatory",
        code: CODE,
        arguments: open,
        message: `${reason}\n${fix}`,
        witnesses: [],
        fingerprint: fingerprint({ policy: ROOT_POLICY, subject: id, code: CODE, arguments: open }),
        state: "new",
      },
    ],
  };
}
