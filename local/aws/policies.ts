import { managedPolicy, type NamedDocument, policiesOf, rolePoliciesOf } from "../evaluator/documents";
import type { Account } from "./account";
import type { Caller } from "./caller";
import type { KnownPolicies } from "./late-policies";

/** The policies of whoever calls. */
export interface PrincipalPolicies {
  readonly identity: readonly NamedDocument[];
  readonly boundary: NamedDocument | undefined;
  /** Absent: no session policy narrows what the caller may. */
  readonly session: object | undefined;
}

/** No policy of one's own stands in the way: of the root user, or of who is no principal of an account. */
export const EVERYTHING: PrincipalPolicies = {
  identity: [
    {
      name: "everything",
      policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
    },
  ],
  boundary: undefined,
  session: undefined,
};

/**
 * @param boundaries of users, by their ARN, which moto does not keep
 * @param known what AWS still decides by, where a change does not count yet
 */
export async function principalPolicies(
  caller: Caller,
  { iam }: Account,
  boundaries: ReadonlyMap<string, string>,
  known?: KnownPolicies,
): Promise<PrincipalPolicies> {
  const boundary = (arn: string | undefined) => (arn ? managedPolicy(iam, arn) : undefined);
  switch (caller.kind) {
    case "root":
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html
      return EVERYTHING;
    case "user":
      return {
        identity: known ? (known.identity.get(caller.arn) ?? []) : await policiesOf(iam, caller.name),
        boundary: await boundary(boundaries.get(caller.arn)),
        session: undefined,
      };
    case "role": {
      const { Role } = await iam.getRole({ RoleName: caller.role });
      return {
        identity: known ? (known.identity.get(caller.roleArn) ?? []) : await rolePoliciesOf(iam, caller.role),
        boundary: await boundary(Role?.PermissionsBoundary?.PermissionsBoundaryArn),
        session: united(caller.sessionPolicies),
      };
    }
    case "federated":
      // Without a session policy it may do nothing (STS API, GetFederationToken).
      return {
        identity: caller.sessionPolicies.length === 0 ? [] : await policiesOf(iam, caller.user),
        boundary: undefined,
        session: united(caller.sessionPolicies),
      };
  }
}

/** Several session policies count together, as one. */
function united(policies: readonly unknown[]): object | undefined {
  if (policies.length === 0) return undefined;
  const Statement = policies.flatMap((policy) =>
    typeof policy === "object" && policy !== null && "Statement" in policy ? policy.Statement : [],
  );
  return { Version: "2012-10-17", Statement };
}
