/** moto's default account. */
export const LOCAL_ACCOUNT = "123456789012";

/** The access keys of that account's root user, the administrator, whom no policy of the account limits. */
export const LOCAL_CREDENTIALS = {
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  AWS_REGION: "us-east-1",
} as const;

/** The settings of an AWS SDK client that acts as that root user. */
export function localClient(endpoint: string) {
  return {
    endpoint,
    region: LOCAL_CREDENTIALS.AWS_REGION,
    credentials: {
      accessKeyId: LOCAL_CREDENTIALS.AWS_ACCESS_KEY_ID,
      secretAccessKey: LOCAL_CREDENTIALS.AWS_SECRET_ACCESS_KEY,
    },
  };
}
