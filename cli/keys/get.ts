import { Failure } from "../failure";
import { keyStore } from "./key-store";

/**
 * Prints an access key from the keyring for the AWS CLI and the SDKs. On a terminal it does not show the secret.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 *
 * @throws Failure (`credentials`) if the keyring does not have it
 */
export async function getKey(id: string): Promise<void> {
  const key = await (await keyStore("keyring")).read(id);
  if (key === undefined) {
    throw new Failure(
      "credentials",
      `The keyring of this computer has no access key ${id}.`,
      "Remove credential_process from the profile, then enter an access key: aws configure --profile NAME",
    );
  }
  process.stdout.write(
    process.stdout.isTTY
      ? `The keyring has ${id}. The secret is printed for programs only.\n`
      : `${JSON.stringify({ Version: 1, AccessKeyId: id, SecretAccessKey: key.secret })}\n`,
  );
}
