/** What is published, and what it is called: the one place for both. Nobody else can publish in an npm scope that is taken. */
const SCOPE = "@aws-mfa-stack";

/** Each package's folder, and its name on npm. In the repository they have short names, which are never published. */
export const PUBLISHED = {
  "policy-pack": `${SCOPE}/policy-pack`,
  cli: `${SCOPE}/aws-mfa`,
  infra: `${SCOPE}/components`,
} as const;
