import { managedPolicy, type NamedDocument, policiesOf, rolePoliciesOf } from "../evaluator/documents";
import type { Account } from "./account";
import type { Caller } from "./caller";
import type { KnownPolicies } from "./late-policies";

/** The policies of a caller. */
export interface PrincipalPolicies {
  readonly identity: readonly NamedDocument[];
  readonly boundary?: NamedDocument | undefined;
  readonly session?: object | undefined;
}

/** The identity policies of the root user, and of a principal without any, such as an identity provider, allow everything. */
export const EVERYTHING: PrincipalPolicies = {
  identity: [
    {
      name: "everything",
      policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
    },
  ],
};

/**
 * @param boundaries the ARNs of users' boundaries, by the users' ARNs: moto has none
 * @param known the policies before a change that has not taken effect
 */
export async function principalPolicies(
  caller: Caller,
  { iam }: Account,
  boundaries: ReadonlyMap<string, string>,
  known?: KnownPolicies,
): Promise<PrincipalPolicies> {
  const { kind, name, principalArn, session } = caller;
  const identity = async (current: typeof policiesOf) =>
    known ? (known.identity.get(principalArn) ?? []) : await current(iam, name);
  const boundary = (arn: string | undefined) => (arn ? managedPolicy(iam, arn) : undefined);
  switch (kind) {
    case "root":
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html
      return EVERYTHING;
    case "user":
      return {
        identity: await identity(policiesOf),
        boundary: await boundary(boundaries.get(principalArn)),
      };
    case "role": {
      const { Role } = await iam.getRole({ RoleName: name });
      return {
        identity: await identity(rolePoliciesOf),
        boundary: await boundary(Role?.PermissionsBoundary?.PermissionsBoundaryArn),
        session: united(session?.policies),
      };
    }
    case "federated":
      // Without a session policy a federated user may do nothing (STS API, GetFederationToken).
      return {
        identity: session?.policies.length ? await policiesOf(iam, name) : [],
        session: united(session?.policies),
      };
  }
}

/** Several session policies as one. */
function united(policies: readonly unknown[] = []): object | undefined {
  if (policies.length === 0) return undefined;
  const Statement = policies.flatMap((policy) =>
    typeof policy === "object" && policy !== null && "Statement" in policy ? policy.Statement : [],
  );
  return { Version: "2012-10-17", Statement };
}
