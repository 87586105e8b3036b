import { deniesOf, type Limit, mayDeny, memoize, parseLimit } from "aws-mfa-policy-pack/iam";
import type { Resource } from "aws-mfa-policy-pack/iam-graph";
import { few } from "aws-mfa-policy-pack/messages";
import type { AuditInput } from "../input";
import { errorsText } from "../refused-policy";
import { LIMIT_KINDS, ORGANIZATION_TYPES, type OrganizationType } from "./organization-types";

const KINDS: ReadonlyMap<unknown, Limit["kind"]> = new Map(LIMIT_KINDS);

/** The SCPs and RCPs that resources declare. */
export interface DeclaredLimits {
  /** Those that deny something, each with the member accounts under it. */
  readonly limits: readonly Limit[];
  /** Which of them count for which accounts, and which for none, in sentences. */
  readonly notes: readonly string[];
  /** How many count for none. */
  readonly uncounted: number;
}

/**
 * Finds the SCPs and RCPs that resources declare. One counts if it and its attachment exist, both with their ids, for the accounts
 * that are then known to be under it. A plan and a template have neither, so theirs never count.
 *
 * @param isDeployed whether the resources exist, and are not only planned
 */
export function declaredLimits(
  resources: readonly Resource[],
  { isDeployed = false }: Pick<AuditInput, "isDeployed">,
): DeclaredLimits {
  const limits: Limit[] = [];
  const uncounted = new Map<string, string[]>();
  const accountsUnder = accountsIn(resources);
  for (const { resource, row } of declared(resources, "policy")) {
    const { [row.type]: type = "SERVICE_CONTROL_POLICY", [row.document]: document } = resource.props;
    const kind = KINDS.get(type);
    // Other policies, such as tag and backup policies, deny nothing.
    if (kind === undefined && typeof type === "string") continue;
    const name = nameOf(resource, row);
    const read = parseLimit(document, { kind: kind ?? "SCP", name });
    if (read.ok && !mayDeny(read.limit)) continue;
    const accounts = isDeployed ? accountsUnder(resource, row) : new Set<string>();
    if (read.ok && kind !== undefined && deniesOf(read.limit).length > 0 && accounts.size > 0) {
      limits.push({ ...read.limit, accounts });
      continue;
    }
    const unknown = isDeployed ? NOT_KNOWN : NOT_ATTACHED;
    const why =
      read.ok || kind === undefined ? unknown : `it cannot be evaluated (${errorsText(read.errors)})`;
    memoize(uncounted, why, () => []).push(`the ${kind ?? "SCP or RCP"} ${name}`);
  }
  return {
    limits,
    notes: [
      ...limits.map(({ kind, name, accounts = [] }) => {
        return `The ${kind} ${name} counts for ${few([...accounts])}, the member accounts that are known to be under it.`;
      }),
      ...[...uncounted].map(([why, names]) => {
        const close = names.length === 1 ? "closes" : "close";
        return `What only ${few(names)} ${close} counts as open: ${why}. ${TO_COUNT}`;
      }),
    ],
    uncounted: [...uncounted.values()].flat().length,
  };
}

const NOT_KNOWN = "what it is, or which member accounts are under it, is not known";
const NOT_ATTACHED = "a plan or a template does not show that it is attached";
const TO_COUNT =
  "To make it count, give its document and the member accounts under it, never the management account: --scp FILE=111122223333, or --rcp.";

type Row<Kind extends OrganizationType["kind"]> = Extract<OrganizationType, { readonly kind: Kind }>;

function declared<Kind extends OrganizationType["kind"]>(resources: readonly Resource[], kind: Kind) {
  return resources.flatMap((resource) => {
    const row = ORGANIZATION_TYPES.get(resource.type);
    return row?.kind === kind ? [{ resource, row: row as Row<Kind> }] : [];
  });
}

/** The id and the name, as for the policies that an organization lists. */
function nameOf({ name, props }: Resource, row: Row<"policy">): string {
  const named = props[row.name];
  const own = typeof named === "string" ? named : name;
  return typeof props.id === "string" && props.id.startsWith("p-") ? `${props.id} (${own})` : own;
}

/** The member accounts known to be under a policy: those that it is attached to, directly or through a unit or the root. */
function accountsIn(
  resources: readonly Resource[],
): (policy: Resource, row: Row<"policy">) => ReadonlySet<string> {
  const attachments = declared(resources, "attachment");
  const members = declared(resources, "member");
  const parents = new Map(members.map(({ resource: { props }, row }) => [props.id, props[row.parent]]));
  const isBelow = (id: unknown, target: unknown, depth = 0): boolean =>
    id === target || (id !== undefined && depth < MOST_UNITS && isBelow(parents.get(id), target, depth + 1));
  return ({ props }, row) => {
    const { id: organization, management } = organizationIn(props.arn) ?? {};
    if (management === undefined || props.id === undefined) return new Set();
    const targets = [
      ...(row.targets === undefined ? [] : [props[row.targets]].flat()),
      ...attachments.flatMap(({ resource: each, row: { policy, target } }) =>
        each.props[policy] === props.id ? [each.props[target]] : [],
      ),
    ];
    const own = members.flatMap(({ resource: each }) =>
      organizationIn(each.props.arn)?.id === organization ? [each.props.id] : [],
    );
    const under = targets.flatMap((target) => {
      if (typeof target !== "string") return [];
      const isRoot = target.startsWith("r-");
      return [target, ...own.filter((id) => isRoot || isBelow(id, target))];
    });
    return new Set(
      under.filter((id): id is string => typeof id === "string" && /^\d{12}$/.test(id) && id !== management),
    );
  };
}

/** Organizational units are at most five levels deep. Source: Organizations user guide, "Quotas and service limits". */
const MOST_UNITS = 6;

/** The organization in the ARN of a policy or an account. */
function organizationIn(arn: unknown): { readonly id: string; readonly management: string } | undefined {
  const [, management, id] =
    /^arn:[^:]+:organizations::(\d{12}):(?:policy|account)\/(o-\w+)\//.exec(String(arn)) ?? [];
  return management === undefined || id === undefined ? undefined : { id, management };
}
