/** What the demo calls what it makes. In an account each name has the run's suffix, so that nothing else there is touched. */
export interface Names {
  /** The user of the demo, and the role that the stack makes for them. */
  readonly user: string;
  readonly role: string;
  readonly group: string;
  readonly bucket: string;
  /** A role that no stack describes. */
  readonly byHand: string;
  /** The device that a thief makes. */
  readonly thiefsDevice: string;
  /** Somebody of the account that examples/bad trusts, and the role of that example that lets them in. */
  readonly carol: string;
  readonly release: string;
  /** What asks AWS where its documentation is silent. */
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
