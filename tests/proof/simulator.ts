import { runSimulation, runUnsafeSimulation, type Simulation } from "@cloud-copilot/iam-simulate";

/** A concrete request, as AWS would see it. */
export interface Request {
  /** ARN of the caller (for a role, of its session), a service's name or an identity provider. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** The role whose trust policy is asked about. */
export const ROLE = "arn:aws:iam::111122223333:role/target";

const EVERYTHING = { name: "everything", policy: policy({ Effect: "Allow", Action: "*", Resource: "*" }) };

function policy(statement: object): object {
  return { Version: "2012-10-17", Statement: statement };
}

/** Whether the evaluator that we did not write lets the caller assume a role with this trust policy. */
export async function mayAssume(
  trust: unknown,
  request: Request,
  { scps, rcps }: { readonly scps: readonly unknown[]; readonly rcps: readonly unknown[] } = NO_LIMITS,
): Promise<boolean> {
  return ask(request, "111122223333", [EVERYTHING], trust, {
    serviceControlPolicies: inOrganization(scps.length === 0 ? [] : [EVERYTHING.policy, ...scps]),
    resourceControlPolicies: inOrganization(rcps),
  });
}

const NO_LIMITS = { scps: [], rcps: [] };

type OrganizationPolicies = Simulation["serviceControlPolicies"];

/** Policies that are attached to one level of an organization. */
function inOrganization(documents: readonly unknown[]): OrganizationPolicies {
  if (documents.length === 0) return [];
  return [{ orgIdentifier: "r-root", policies: documents.map((each, index) => named(each, index)) }];
}

function named(document: unknown, index: number) {
  return { name: `p-${index}`, policy: document };
}

/** Whether it lets a member do something who is allowed everything and carries these policies too. */
export async function mayDo(carried: readonly unknown[], request: Request): Promise<boolean> {
  // The resource is in the member's own account, so that the member's policies alone decide.
  return ask(request, request.principal.split(":")[4] ?? "", [EVERYTHING, ...carried.map(named)]);
}

/** One of so many requests is asked with its documents validated, which takes the evaluator as long as ten others. */
const VALIDATED = 20;
let asked = 0;

async function ask(
  { principal, action, resource, context }: Request,
  accountId: string,
  identityPolicies: { name: string; policy: unknown }[],
  resourcePolicy?: unknown,
  organization?: Pick<Simulation, "serviceControlPolicies" | "resourceControlPolicies">,
): Promise<boolean> {
  const contextVariables = Object.fromEntries(
    Object.entries(context).map(([key, value]) => [key, typeof value === "string" ? value : [...value]]),
  );
  const simulation: Simulation = {
    request: { principal, action, resource: { resource, accountId }, contextVariables },
    identityPolicies,
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...organization,
    ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
  };
  asked += 1;
  if (asked % VALIDATED === 0) {
    const answer = await runSimulation(simulation, {});
    if (answer.resultType === "error") throw new Error(JSON.stringify([answer.errors, simulation]));
  }
  const unsafe = { ...simulation, ...validated(resourcePolicy), ...withDefaultRcp(simulation) };
  return runUnsafeSimulation(unsafe, {}) === "Allowed";
}

/** Without validation the evaluator does not add the RCP that AWS attaches everywhere. */
function withDefaultRcp({ resourceControlPolicies: all }: Simulation): Partial<Simulation> {
  const allow = {
    name: "RCPFullAWSAccess",
    policy: policy({ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }),
  };
  return { resourceControlPolicies: all.map((each) => ({ ...each, policies: [allow, ...each.policies] })) };
}

/** Without validation the evaluator needs a resource's policy as one that is validated, and has a name. */
function validated(policyDocument: unknown): Partial<Simulation> {
  if (policyDocument === undefined) return {};
  return { resourcePolicy: { __validated: true, policyDocument, metadata: { name: "trust" }, errors: [] } };
}
