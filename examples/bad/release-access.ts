import * as iam from "@pulumi/aws/iam";

/** People who release software. Each document names the MFA key, and none of them requires MFA. */
export async function releaseAccess(): Promise<void> {
  // BoolIfExists under Allow holds where the key is absent: access keys get in without a code.
  new iam.Role("release", {
    name: "Release",
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "PeopleWithMFA",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::111122223333:root" },
          Action: "sts:AssumeRole",
          Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } },
        },
      ],
    }),
  });

  // One good statement beside one that was added for a pipeline and forgotten.
  new iam.Role("rollback", {
    name: "Rollback",
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "PeopleWithMFA",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::111122223333:root" },
          Action: "sts:AssumeRole",
          Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
        },
        {
          Sid: "Pipeline",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::111122223333:user/pipeline" },
          Action: "sts:*",
        },
      ],
    }),
  });

  // Bool "false" under Deny does not hold where the key is absent: it stops the console, not access keys.
  const engineers = new iam.Group("release-engineers", { name: "ReleaseEngineers" });
  new iam.GroupPolicy("release-engineers-guard", {
    group: engineers.name,
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "NothingWithoutMFA",
          Effect: "Deny",
          NotAction: ["iam:EnableMFADevice", "iam:GetUser", "sts:GetSessionToken"],
          Resource: "*",
          Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } },
        },
      ],
    }),
  });
}
