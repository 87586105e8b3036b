export const HOME = "111122223333";
export const AWAY = "444455556666";
export const ALICE = `arn:aws:iam::${HOME}:user/alice`;
export const BOB = `arn:aws:iam::${HOME}:user/team/bob`;
export const BUILD = `arn:aws:iam::${HOME}:role/build`;
export const BUILD_SESSION = `arn:aws:sts::${HOME}:assumed-role/build/job`;
export const STRANGER = `arn:aws:iam::${AWAY}:user/mallory`;
/** A session of `sts:GetFederationToken`, which assumes no role. */
export const GUEST = `arn:aws:sts::${HOME}:federated-user/guest`;
