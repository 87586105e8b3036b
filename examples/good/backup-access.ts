import * as iam from "@pulumi/aws/iam";

const OPEN_WITHOUT_MFA = [
  "iam:EnableMFADevice",
  "iam:GetUser",
  "iam:ListMFADevices",
  "iam:ResyncMFADevice",
  "sts:GetSessionToken",
];

/** People who restore backups: in a guarded group, with a role that requires MFA. */
export async function backupAccess(): Promise<void> {
  const operators = new iam.Group("backup-operators", { name: "BackupOperators" });
  new iam.GroupPolicy("backup-operators-guard", {
    group: operators.name,
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "NothingWithoutMFA",
          Effect: "Deny",
          NotAction: OPEN_WITHOUT_MFA,
          Resource: "*",
          Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
        },
      ],
    }),
  });

  new iam.Role("restore", {
    name: "RestoreBackups",
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::111122223333:root" },
          Action: "sts:AssumeRole",
          Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
        },
      ],
    }),
  });

  // A service has no MFA. The pack exempts its role, since no person can assume it.
  new iam.Role("nightly-backup", {
    name: "NightlyBackup",
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    }),
  });
}
