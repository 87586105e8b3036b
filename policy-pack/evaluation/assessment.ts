import type { GuardWitness } from "../iam/guard/verdict";
import type { ClosedBy } from "../iam/limits/limit";
import type { DocumentError, Policy } from "../iam/policy/model";
import type { TrustWitness } from "../iam/trust-policy/verdict";
import type { Resource } from "../iam-graph/resource";

/** A request without MFA that gets through: to assume a role, or past a guard. */
export type Witness = TrustWitness | GuardWitness;

/**
 * `closed`: nothing is wrong. `open`: the rule found what it looks for, such as a way in without MFA. `anyone-with-mfa`: anyone
 * gets in with the MFA of any AWS account. `exempt`: only principals that the configuration exempts get in without MFA.
 * `unknown`: it depends on a value that is not known yet. `refused`: AWS would refuse it.
 */
export type Verdict = "closed" | "open" | "anyone-with-mfa" | "exempt" | "unknown" | "refused";

export type Subject = Pick<Resource, "urn" | "type" | "name" | "declaredBy">;

/** A rule's verdict on one subject, as values. */
export interface Assessment<D extends { readonly code: string } = { code: string }> {
  readonly subject: Subject;
  readonly verdict: Verdict;
  /** What was found. `code` is stable: baselines use it. */
  readonly data: D;
  /** The data that distinguishes this assessment from others with the same code and subject. */
  readonly arguments?: readonly string[];
  /** The ways in, each with its conditions. */
  readonly ways?: readonly Witness[];
  /** The policies that the verdict follows from. */
  readonly policies?: readonly Policy[];
  /** Resources that overwrite each other, if their undefined order decides the verdict: the worse outcome counts. */
  readonly contested?: readonly string[];
  /** The organization's policies, or the permissions boundary, without which the verdict would be worse. */
  readonly closedBy?: readonly ClosedBy[];
}

/** A document that AWS would refuse. */
export interface RefusedDocument {
  readonly code: "refused-document";
  readonly where: string;
  readonly errors: readonly DocumentError[];
}

export function refusedDocument(
  subject: Subject,
  { where, errors }: Pick<RefusedDocument, "where" | "errors">,
): Assessment<RefusedDocument> {
  return {
    subject,
    verdict: "refused",
    data: { code: "refused-document", where, errors },
    arguments: [where, ...errors.map(({ path }) => path)],
  };
}
