import { fingerprint } from "../finding";
import type { Subject } from "../report";
import { lastUseOfUser } from "../usage/last-use";
import type { CredentialReport } from "./credential-report";
import { deviceKindsOf, type Listed } from "./lists";

/** Not a policy of the pack, since no stack declares the root user. */
export const ROOT_POLICY = "iam-root-user-requires-mfa";

const CODE = "root-user-without-mfa";

/**
 * The root user as a subject. No policy of the account can require MFA of it. With an MFA device, AWS asks for its code at every
 * sign-in with the password; access keys never require it.
 * Source: IAM user guide, "Root user best practices for your AWS account".
 *
 * @returns `undefined` if the report has no row for it
 */
export function rootUser(account: string, { users }: CredentialReport, listed: Listed): Subject | undefined {
  const [id, record] = [...users].find(([arn]) => arn.endsWith(":root")) ?? [];
  if (id === undefined || record === undefined) return undefined;
  const credentials = {
    ...record,
    ...deviceKindsOf(id, record, listed),
    // After the root user's credentials were removed, the report may still say `not_supported` for the password.
    ...(listed.rootPassword === false && { password: null }),
  };
  const { mfaDevice, password, accessKeys } = credentials;
  const lastUse = lastUseOfUser(credentials);
  const open = [
    ...(mfaDevice || password === null ? [] : ["no MFA device"]),
    ...(accessKeys.some(({ active }) => active) ? ["an active access key"] : []),
  ];
  const subject = {
    kind: "user",
    name: "root",
    id,
    notes: [],
    setup: { ...credentials, guardedBy: [] },
    ...(lastUse !== "none" && { lastUse }),
  } as const;
  if (open.length === 0) {
    const has = password === null ? "no password and no" : "an MFA device and no";
    return { ...subject, standing: "protected", reason: `It has ${has} active access key.`, findings: [] };
  }
  const reason = `The root user can be used without MFA: it has ${open.join(" and ")}.`;
  const fix = `Fix: sign in to ${account} as root, assign an MFA device and delete the access keys, or remove the root user's credentials from the organization.`;
  return {
    ...subject,
    standing: "open",
    reason,
    // No policy in the account limits the root user.
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
