import { describe, expect, test } from "vitest";
import { failureOf } from "./explain";

/** An error as the SDK throws it, with AWS's name for it. */
function aws(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

describe("a signature error", () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
  test.each([["SignatureDoesNotMatch"], ["InvalidSignatureException"]])(
    "%s is explained without the request, which contains the session token",
    (name) => {
      const request = "POST\n/\n\nhost:iam.amazonaws.com\nx-amz-security-token:of-a-session\n";
      const { exit, message } = failureOf(
        "look",
        aws(name, `The Canonical String should have been '${request}'`),
      );
      expect(exit).toBe("credentials");
      expect(message).toContain("does not match the access key");
      expect(message).not.toContain("of-a-session");
    },
  );
});

test("an error of a credential_process shows its output, not its command line, which may contain a password", () => {
  const said = "Command failed: /opt/helper --password of-the-vault\nThe vault is closed.\n";
  const { exit, message } = failureOf("look", aws("CredentialsProviderError", said));
  expect(exit).toBe("credentials");
  expect(message).toContain("The vault is closed.");
  expect(message).not.toContain("of-the-vault");
});

test.each([["DEPTH_ZERO_SELF_SIGNED_CERT"], ["CERT_HAS_EXPIRED"], ["UNABLE_TO_VERIFY_LEAF_SIGNATURE"]])(
  "%s counts as AWS being unreachable, with NODE_EXTRA_CA_CERTS as the remedy",
  (code) => {
    const { exit, message } = failureOf(
      "look",
      Object.assign(new Error("self-signed certificate"), { code }),
    );
    expect(exit).toBe("unreachable");
    expect(message).toContain("NODE_EXTRA_CA_CERTS");
  },
);
