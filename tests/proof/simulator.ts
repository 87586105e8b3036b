import { runSimulation } from "@cloud-copilot/iam-simulate";

/** A concrete request, as AWS would see it. */
export interface Request {
  /** ARN of the caller; for a role, of its session. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

const EVERYTHING = { name: "everything", policy: policy({ Effect: "Allow", Action: "*", Resource: "*" }) };

function policy(statement: object): object {
  return { Version: "2012-10-17", Statement: statement };
}

/** Whether the evaluator that we did not write lets the caller assume a role with this trust policy. */
export async function mayAssume(trust: unknown, request: Request): Promise<boolean> {
  return ask(request, "111122223333", [EVERYTHING], trust);
}

/** Whether it lets a member do something who is allowed everything and carries this policy too. */
export async function mayDo(carried: unknown, request: Request): Promise<boolean> {
  // The resource is in the member's own account, so that the member's policies alone decide.
  return ask(request, request.principal.split(":")[4] ?? "", [
    EVERYTHING,
    { name: "carried", policy: carried },
  ]);
}

async function ask(
  { principal, action, resource, context }: Request,
  accountId: string,
  identityPolicies: { name: string; policy: unknown }[],
  resourcePolicy?: unknown,
): Promise<boolean> {
  const contextVariables = Object.fromEntries(
    Object.entries(context).map(([key, value]) => [key, typeof value === "string" ? value : [...value]]),
  );
  const answer = await runSimulation(
    {
      request: { principal, action, resource: { resource, accountId }, contextVariables },
      identityPolicies,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
    },
    {},
  );
  if (answer.resultType === "error") throw new Error(JSON.stringify(answer.errors));
  return answer.overallResult === "Allowed";
}
