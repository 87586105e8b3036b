import type { DocumentError } from "aws-mfa-policy-pack/iam";
import { Failure } from "../failure";

/** Of a policy that is given and that AWS would refuse. `what` it should be, and each place that is wrong with what may be there. */
export function refusedPolicy(file: string, what: string, errors: readonly DocumentError[]): Failure {
  return new Failure(
    "unseen",
    `${file} cannot be used as ${what}: AWS would refuse it.`,
    `Correct ${file}.`,
    errors.map((each) => `${errorInWords(each)}.`).join("\n"),
  );
}

/** All that AWS would refuse of a policy, in a part of a sentence. */
export function errorsInWords(errors: readonly DocumentError[]): string {
  return errors.map(errorInWords).join("; ");
}

function errorInWords({ path, found, allowed }: DocumentError): string {
  return `${path || "the whole"}: expected ${allowed}, got ${found}`;
}
