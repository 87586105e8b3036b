import { memoize } from "aws-mfa-policy-pack/iam";
import type { Subject } from "../audit/report";
import { accountOf } from "./arn";
import type { WayOut } from "./plan";
import type { Stopped } from "./rehearsal";

/** Where a machine runs, from its user agent, and the statement of a trust policy that lets it in from there. */
const RUNS_IN: readonly {
  readonly agent: RegExp;
  readonly what: string;
  readonly trust: (account: string, partition: string) => object;
}[] = [
  {
    agent: /github-?actions/i,
    what: "GitHub Actions",
    trust: (account, partition) => ({
      Effect: "Allow",
      Principal: {
        Federated: `arn:${partition}:iam::${account}:oidc-provider/token.actions.githubusercontent.com`,
      },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
          "token.actions.githubusercontent.com:sub": "repo:OWNER/REPOSITORY:ref:refs/heads/main",
        },
      },
    }),
  },
  { agent: /exec-env\/AWS_Lambda/i, what: "Lambda", trust: () => service("lambda") },
  { agent: /codebuild/i, what: "CodeBuild", trust: () => service("codebuild") },
  { agent: /exec-env\/AWS_ECS/i, what: "ECS", trust: () => service("ecs-tasks") },
  { agent: /exec-env\/EC2|exec-env\/AWS_EC2/i, what: "EC2", trust: () => service("ec2") },
];

function service(name: string): object {
  return { Effect: "Allow", Principal: { Service: `${name}.amazonaws.com` }, Action: "sts:AssumeRole" };
}

/** Source: IAM user guide, "IAM name requirements". */
const IAM_NAME = /^[\w+=,.@-]+$/;

/** The ways out for someone who is stopped: a person enrolls a device, a machine gets a role of its own, and what must wait is exempt. */
export function waysOutOf(
  { kind, id, name, by, calls, parts }: Stopped,
  user: Subject | undefined,
): readonly WayOut[] {
  const [, partition = "aws"] = id.split(":");
  const machines = RUNS_IN.filter(({ agent }) =>
    calls.some((call) => call.by !== "people" && agent.test(call.agent)),
  );
  const policies = new Set(parts.flatMap(({ exemptedBy }) => exemptedBy ?? []));
  return [
    // The stack has no device for the root user. A name that IAM does not allow is forged, and must not be pasted into a shell.
    ...(kind === "user" && by !== "machines" && !id.endsWith(":root") && IAM_NAME.test(name)
      ? [
          {
            kind: "enroll" as const,
            command: `aws-mfa enroll ${name} --stack STACK`,
            // A passkey has no codes for a terminal.
            hasDevice: user?.setup?.mfaDevice === true && user.setup.deviceKinds?.join() !== "passkey",
          },
        ]
      : []),
    ...(kind === "user"
      ? machines.map(({ what, trust }) => ({
          kind: "own role" as const,
          of: what,
          trust: { Version: "2012-10-17", Statement: [trust(accountOf(id), partition)] },
        }))
      : []),
    ...(by === "people" ? [] : [...policies].map((policy) => ({ kind: "exempt" as const, policy }))),
  ];
}

/** The policies' configuration that exempts everyone who can be, each with a reason, until a day. */
export function exemptionsFor(affected: readonly Stopped[], until: string): Readonly<Record<string, object>> {
  const policies = new Map<string, Map<string, Set<string>>>();
  for (const { name, by, parts } of affected) {
    if (by === "people") continue;
    for (const { exemptedBy, on } of parts) {
      if (exemptedBy === undefined) continue;
      const exempt = on.kind === "role" ? on.name : name;
      const names = memoize(policies, exemptedBy, () => new Map<string, Set<string>>());
      memoize(names, exempt, () => new Set<string>()).add(name);
    }
  }
  return Object.fromEntries(
    [...policies].map(([policy, names]) => [
      policy,
      {
        exemptions: [...names].map(([name, who]) => ({
          name,
          reason: `Used without MFA by ${[...who].sort().join(", ")}`,
          expires: until,
        })),
      },
    ]),
  );
}
