import { Failure } from "../failure";
import { keyStore } from "./key-store";

/**
 * Gives an access key from the keyring to the AWS CLI and the SDKs. A screen shows no secret.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 *
 * @throws Failure (`credentials`) where the keyring does not have it
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
  const { secret } = key;
  const forProgram = JSON.stringify({ Version: 1, AccessKeyId: id, SecretAccessKey: secret });
  process.stdout.write(
    process.stdout.isTTY
      ? `The keyring has ${id}. The secret is printed for programs only.\n`
      : `${forProgram}\n`,
  );
}
