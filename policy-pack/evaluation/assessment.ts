import type { GuardWitness } from "../iam/guard/verdict";
import type { ClosedBy } from "../iam/limits/limit";
import type { DocumentError, Policy } from "../iam/policy/model";
import type { TrustWitness } from "../iam/trust-policy/verdict";
import type { Resource } from "../iam-graph/resource";

/** A request without MFA that gets through: to assume a role, or past a guard. */
export type Witness = TrustWitness | GuardWitness;

/**
 * `closed`: nothing is wrong. `open`: what the rule looks for is there, such as a way in without MFA. `anyone-with-mfa`: anybody
 * in the world gets in with the MFA of an account of their own. `exempt`: only those get in without MFA whom the configuration
 * exempts. `unknown`: it depends on a value that is not known yet. `refused`: AWS would refuse it.
 */
export type Verdict = "closed" | "open" | "anyone-with-mfa" | "exempt" | "unknown" | "refused";

export type Subject = Pick<Resource, "urn" | "type" | "name" | "declaredBy">;

/** What a rule has to say about one subject, as values. */
export interface Assessment<D extends { readonly code: string } = { code: string }> {
  readonly subject: Subject;
  readonly verdict: Verdict;
  /** What was found. `code` is stable: baselines go by it. */
  readonly data: D;
  /** What of the data tells this from another assessment of the same code on the same subject. */
  readonly arguments?: readonly string[];
  /** The ways in, each with all that must hold. */
  readonly ways?: readonly Witness[];
  /** The policies that the verdict follows from. */
  readonly policies?: readonly Policy[];
  /** Resources that overwrite each other in an order that nobody promises, where that decides: the worse outcome counts. */
  readonly contested?: readonly string[];
  /** The policies of the organization, or the permissions boundary, without which the verdict would be worse. */
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
