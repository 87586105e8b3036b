import type { TrustWitness } from "../../policy-pack/iam";
import { SESSION } from "../../policy-pack/iam/encode/variable";
import { type Caller, callerKeys, FEDERATED, type Values } from "./caller";
import { type Request, ROLE } from "./simulator";

/** The witness of a verdict as a whole request: what it leaves free is filled in. */
export function requestOf(
  {
    request,
    action,
    caller,
    principal,
    context: mfa,
  }: Pick<TrustWitness, "request" | "action" | "caller" | "principal" | "context">,
  values: Values,
): Request {
  const arn = request.get("aws:principalarn")?.[0] ?? "";
  const who: Caller = {
    kind: caller,
    principal: request.get(SESSION)?.[0] ?? principalOf(caller, arn, principal, action),
    arn,
    action,
  };
  const isSession = mfa.kind !== "absent";
  const context: Record<string, string | readonly string[]> = {
    "aws:CurrentTime": "2030-01-01T00:00:00Z",
    "aws:EpochTime": "1893456000",
    "aws:SecureTransport": "true",
    ...callerKeys(who, isSession),
    ...(isSession ? { "aws:MultiFactorAuthPresent": String(mfa.kind === "stale") } : {}),
    ...(mfa.kind === "stale" ? { "aws:MultiFactorAuthAge": String(mfa.maxAgeSeconds + 1) } : {}),
  };
  const isMachine = caller === "service" || caller === "federated";
  for (const [key, texts] of request) {
    if (key === "session" || (key === "aws:principalarn" && !isMachine)) continue;
    const known = [
      ...Object.keys(values),
      ...Object.keys(context),
      "aws:TokenIssueTime",
      "aws:username",
      "aws:PrincipalArn",
    ];
    // As AWS spells it, so that no key comes twice.
    const name = known.find((each) => each.toLowerCase() === key) ?? key;
    const [only, ...more] = texts ?? [];
    if (only === undefined) delete context[name];
    else context[name] = more.length === 0 ? only : (texts ?? []);
  }
  return { principal: who.principal, action, resource: ROLE, context };
}

function principalOf(kind: TrustWitness["caller"], arn: string, named: string, action: string): string {
  if (kind === "service") return named.includes(".") ? named : "ec2.amazonaws.com";
  if (kind === "federated") {
    const any = FEDERATED[action === "sts:AssumeRoleWithSAML" ? 0 : 1] ?? "";
    return named === "*" ? any : named;
  }
  const [, partition, account, name = ""] = /^arn:([^:]+):iam::(\d+):role\/(.*)$/.exec(arn) ?? [];
  if (kind !== "role") return arn;
  return `arn:${partition}:sts::${account}:assumed-role/${name.split("/").pop()}/anything`;
}
