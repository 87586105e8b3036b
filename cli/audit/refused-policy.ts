import type { DocumentError } from "aws-mfa-policy-pack/iam";
import { Failure } from "../failure";

/** Of a policy that is given and that AWS would refuse. `what` it should be, and each place that is wrong with what may be there. */
export function refusedPolicy(file: string, what: string, errors: readonly DocumentError[]): Failure {
  return new Failure(
    "unseen",
    `${file} cannot be used as ${what}: AWS would refuse it.`,
    `Correct ${file}.`,
    errors
      .map(({ path, found, allowed }) => `${path || "the whole"}: expected ${allowed}, got ${found}.`)
      .join("\n"),
  );
}
