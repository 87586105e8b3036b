import { armor, Encrypter } from "age-encryption";
import { Failure } from "../failure";

/** Encrypts a text so that only the recipient can decrypt it, as lines of ASCII. */
export type Encrypt = (text: string) => Promise<string>;

/**
 * Encrypts in the format of age. https://age-encryption.org/v1
 *
 * @throws Failure (`usage`) if it is not a recipient, but for example a private key, or an SSH key, which this library does not support
 */
export function encryptorFor(recipient: string): Encrypt {
  const encrypter = new Encrypter();
  try {
    encrypter.addRecipient(recipient);
  } catch {
    throw new Failure(
      "usage",
      "Invalid --age: expected a recipient that begins with age1.",
      "The user creates one with age-keygen -o key.txt, and sends you the public key that it prints.",
    );
  }
  return async (text) => armor.encode(await encrypter.encrypt(text));
}
