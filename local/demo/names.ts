/** The names of what the demo creates. In an account each has the run's suffix, so that nothing else is changed. */
export interface Names {
  /** The user of the demo, and the role that the stack creates. */
  readonly user: string;
  readonly role: string;
  readonly group: string;
  readonly bucket: string;
  /** A role that no stack manages. */
  readonly byHand: string;
  /** The device that a thief creates. */
  readonly thiefsDevice: string;
  /** A user of the account that examples/bad trusts, and the role of that example that the user can assume. */
  readonly carol: string;
  readonly release: string;
  /** The user and the role for `askUndocumented`. */
  readonly probe: string;
}

export function namesWith(suffix: string): Names {
  const named = (name: string) => `${name}${suffix}`;
  return {
    user: named("alice"),
    role: named("MFABasedAccess"),
    group: suffix === "" ? "MFA" : `demo${suffix}-MFA`,
    bucket: named("quarterly-reports"),
    byHand: named("legacy-deploy"),
    thiefsDevice: named("thiefs-phone"),
    carol: named("carol"),
    release: named("Release"),
    probe: named("probe"),
  };
}

export const PROFILE = "mfabasedaccess";
export const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";
