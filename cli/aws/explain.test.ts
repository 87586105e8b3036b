import { describe, expect, test } from "vitest";
import { failureOf } from "./explain";

/** An error as the SDK throws it, with AWS's name for it. */
function aws(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

describe("an error of a signature", () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
  test.each([["SignatureDoesNotMatch"], ["InvalidSignatureException"]])(
    "%s is explained without the request, which has the session token",
    (name) => {
      const request = "POST\n/\n\nhost:iam.amazonaws.com\nx-amz-security-token:of-a-session\n";
      const { exit, message } = failureOf(
        "look",
        aws(name, `The Canonical String should have been '${request}'`),
      );
      expect(exit).toBe("credentials");
      expect(message).toContain("does not belong to the access key");
      expect(message).not.toContain("of-a-session");
    },
  );
});
