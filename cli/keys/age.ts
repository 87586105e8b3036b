import { armor, Encrypter } from "age-encryption";
import { Failure } from "../failure";

/** Gives the text that only the recipient can decrypt, as lines of ASCII. */
export type Encrypt = (text: string) => Promise<string>;

/**
 * Encrypts in the format of age. https://age-encryption.org/v1
 *
 * @throws Failure (`usage`) where the recipient is none: a private key, or an SSH key, which this library does not take
 */
export async function encryptorFor(recipient: string): Promise<Encrypt> {
  const encrypter = new Encrypter();
  try {
    encrypter.addRecipient(recipient);
  } catch {
    throw new Failure(
      "usage",
      "Invalid --age: expected a recipient that begins with age1.",
      "The user makes one with age-keygen -o key.txt, and sends you the public key that it prints.",
    );
  }
  return async (text) => armor.encode(await encrypter.encrypt(text));
}
