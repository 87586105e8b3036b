import { randomInt } from "node:crypto";
import { found } from "../found";
import type { Kind } from "../kind";
import { optionalNumber, text } from "../value";

const ALPHABETS = ["abcdefghijkmnopqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "!@#$%^&*"];

/** Without `pgpKey`: the stand-in encrypts nothing. */
export const userLoginProfile: Kind = {
  title: "IAM User Login Profile",
  inputs: {
    user: { required: true, replaces: true },
    passwordLength: { byDefault: 20, replaces: true },
    passwordResetRequired: { replaces: true, unmanagedWhenAbsent: true },
  },
  async create({ iam }, inputs) {
    const password = newPassword(optionalNumber(inputs, "passwordLength") ?? 20);
    await iam.createLoginProfile({
      UserName: text(inputs, "user"),
      Password: password,
      PasswordResetRequired: inputs.passwordResetRequired === true,
    });
    return { id: text(inputs, "user"), once: { password } };
  },
  async read({ iam }, id) {
    const response = await found(iam.getLoginProfile({ UserName: id }));
    return (
      response && { user: id, passwordResetRequired: response.LoginProfile?.PasswordResetRequired ?? false }
    );
  },
  async delete({ iam }, id) {
    await iam.deleteLoginProfile({ UserName: id });
  },
};

/** Characters of each alphabet in turn, to meet any password policy. */
function newPassword(length: number): string {
  return Array.from({ length }, (_, index) => {
    const alphabet = ALPHABETS[index % ALPHABETS.length] ?? "";
    return alphabet[randomInt(alphabet.length)];
  }).join("");
}
