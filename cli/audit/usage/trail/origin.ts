import type { SeenUse } from "../../report";
import { hasMfa, type TrailEvent } from "./event";

/** Whether a person or a machine made a call, what shows it, and how certain it is. */
export type Origin = Pick<SeenUse, "by" | "sure" | "because">;

const people = (sure: SeenUse["sure"], because: string): Origin => ({ by: "people", sure, because });
const machines = (sure: SeenUse["sure"], because: string): Origin => ({ by: "machines", sure, because });
const unclear = (because: string): Origin => ({ by: "unclear", sure: "unclear", because });

/** Providers that only issue tokens to jobs and pods. */
const WORKLOADS =
  /token\.actions\.githubusercontent\.com|oidc\.eks\.|oidc\.circleci\.com|agent\.buildkite\.com|app\.terraform\.io|api\.pulumi\.com/i;

/** A caller chooses its user agent, so this is never more than likely. The first match counts. */
const AGENTS: readonly (readonly [RegExp, Origin])[] = [
  [/exec-env\/CloudShell/i, people("likely", "CloudShell")],
  [/exec-env\/AWS_(Lambda|ECS|EC2)/i, machines("likely", "a user agent of a compute service")],
  [
    /codebuild|github-?actions|gitlab|jenkins|circleci|buildkite/i,
    machines("likely", "a user agent of a CI system"),
  ],
  [
    /amazon-ssm-agent|cloudwatch-agent|autoscaler|kubernetes|kubelet|eks-|ecs-agent/i,
    machines("likely", "a user agent of an agent process"),
  ],
  [/^\[?Mozilla\/|(console|signin)\.amazonaws\.com/i, people("likely", "a browser")],
  [/\bos\/macos|\bDarwin\//i, people("likely", "a user agent on macOS")],
  [/\.amzn\d/i, machines("likely", "a user agent on Amazon Linux")],
];

/** Unclear if nothing distinguishes a person from a machine: both use the AWS CLI and Terraform. */
export function originOf(found: TrailEvent): Origin {
  const { eventName, userIdentity, sourceIPAddress, userAgent } = found;
  const { type, invokedBy, identityProvider = "" } = userIdentity ?? {};
  if (type === "AWSService") return machines("certain", "a service assumed it");
  if (eventName === "ConsoleLogin") return people("certain", "a console sign-in");
  if (String(found.sessionCredentialFromConsole) === "true") return people("certain", "a console session");
  if (eventName === "AssumeRoleWithSAML") return people("likely", "a SAML sign-in");
  if (eventName === "AssumeRoleWithWebIdentity" && WORKLOADS.test(identityProvider))
    return machines("certain", "a workload's OIDC token");
  if (eventName === "AssumeRoleWithWebIdentity") return unclear("a web identity");
  if (invokedBy !== undefined || /\.amazonaws\.com$|^AWS Internal$/.test(sourceIPAddress ?? ""))
    return unclear("a service called for it");
  if (hasMfa(found)) return people("likely", "MFA was given");
  const [, origin] = AGENTS.find(([pattern]) => pattern.test(userAgent ?? "")) ?? [];
  return origin ?? unclear("a user agent that both use");
}
