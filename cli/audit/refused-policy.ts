import type { DocumentError } from "aws-mfa-policy-pack/iam";
import { Failure } from "../failure";

/** The failure for a policy in a file that AWS would reject. `what`: the kind of policy that it was given as. */
export function refusedPolicy(file: string, what: string, errors: readonly DocumentError[]): Failure {
  return new Failure(
    "unseen",
    `${file} cannot be used as ${what}: AWS would refuse it.`,
    `Correct ${file}.`,
    errors.map((each) => `${errorText(each)}.`).join("\n"),
  );
}

/** Everything that AWS would reject in a policy, as a part of a sentence. */
export function errorsText(errors: readonly DocumentError[]): string {
  return errors.map(errorText).join("; ");
}

function errorText({ path, found, allowed }: DocumentError): string {
  return `${path || "the whole"}: expected ${allowed}, got ${found}`;
}
