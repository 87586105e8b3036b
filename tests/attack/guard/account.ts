import type { GetAccountAuthorizationDetailsResponse, IAM } from "@aws-sdk/client-iam";
import { runSimulation } from "@cloud-copilot/iam-simulate";

export interface Person {
  readonly name: string;
  readonly arn: string;
  readonly groups: readonly string[];
  /** Every policy that counts for them, as JSON texts. */
  readonly policies: readonly string[];
  readonly hasActiveKey: boolean;
}

/** Every user of the account, as AWS has them now. */
export async function people(iam: IAM): Promise<Person[]> {
  const details = await iam.getAccountAuthorizationDetails({
    Filter: ["User", "Group", "LocalManagedPolicy"],
  });
  return Promise.all(
    (details.UserDetailList ?? []).map(async ({ UserName: name = "", Arn: arn = "", ...user }) => {
      const { AccessKeyMetadata = [] } = await iam.listAccessKeys({ UserName: name });
      const groups = user.GroupList ?? [];
      const owners = [
        { inline: user.UserPolicyList, attached: user.AttachedManagedPolicies },
        ...(details.GroupDetailList ?? [])
          .filter(({ GroupName = "" }) => groups.includes(GroupName))
          .map((group) => ({ inline: group.GroupPolicyList, attached: group.AttachedManagedPolicies })),
      ];
      const policies = owners.flatMap(({ inline = [], attached = [] }) => [
        ...inline.map(({ PolicyDocument = "" }) => decodeURIComponent(PolicyDocument)),
        ...attached.map(({ PolicyArn }) => managed(details, PolicyArn)),
      ]);
      return {
        name,
        arn,
        groups,
        policies,
        hasActiveKey: AccessKeyMetadata.some(({ Status }) => Status === "Active"),
      };
    }),
  );
}

function managed(details: GetAccountAuthorizationDetailsResponse, arn: string | undefined): string {
  const policy = details.Policies?.find(({ Arn }) => Arn === arn);
  const version = policy?.PolicyVersionList?.find(({ VersionId }) => VersionId === policy.DefaultVersionId);
  if (version?.Document === undefined) throw new Error(`the account has no document of ${arn}`);
  return decodeURIComponent(version.Document);
}

/** What the guard has to stop whatever else a member may do. */
const FORBIDDEN = [
  ["s3:ListAllMyBuckets", "*"],
  ["iam:DeactivateMFADevice", "arn:aws:iam::123456789012:user/alice"],
] as const;

const answers = new Map<string, Promise<boolean>>();

/** Whether an independent evaluator lets the person do, with access keys and no code, what the guard has to stop. */
export function isUnguarded(person: Person): Promise<boolean> {
  const question = JSON.stringify([person.arn, ...person.policies]);
  const known = answers.get(question) ?? ask(person);
  answers.set(question, known);
  return known;
}

async function ask({ name, arn, policies }: Person): Promise<boolean> {
  for (const [action, resource] of FORBIDDEN) {
    const answer = await runSimulation(
      {
        request: {
          principal: arn,
          action,
          resource: { resource, accountId: "123456789012" },
          contextVariables: { "aws:username": name },
        },
        identityPolicies: policies.map((text, index) => ({ name: String(index), policy: JSON.parse(text) })),
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      },
      {},
    );
    if (answer.resultType === "error") throw new Error(JSON.stringify(answer.errors));
    if (answer.overallResult === "Allowed") return true;
  }
  return false;
}
