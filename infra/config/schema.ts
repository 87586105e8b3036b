import { z } from "zod";
import * as name from "./names";

/** A map whose keys are all known. An unknown one leaves the keys allowed in the issue, for the message. */
function fields<Shape extends z.core.$ZodLooseShape>(allowed: string, shape: Shape) {
  const keys = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? keys : `${allowed} with the keys ${keys}`),
  });
}

function list<Item extends z.ZodType>(item: Item, allowed: string) {
  return z.array(item, { error: allowed });
}

function flag() {
  return z.boolean({ error: "true or false" });
}

const inlinePolicy = z.preprocess(
  parsedJson,
  z.looseObject(
    { Statement: z.unknown().refine((value) => value !== undefined, { error: "a Statement" }) },
    { error: "an IAM policy document, as a map or as JSON text" },
  ),
);

const user = z.preprocess(
  (value) => (typeof value === "string" ? { name: value } : value),
  fields("a user's name, or a map", {
    name: name.userName,
    existing: flag().default(false),
    retainOnDelete: flag().default(false),
    path: name.path.optional(),
    permissionsBoundary: name.policyArn.optional(),
    devices: name.devices.optional(),
    roles: list(name.roleName, "a list of at least one role name (omit it for all roles)")
      .min(1, { error: "a list of at least one role name (omit it for all roles)" })
      .optional(),
  }).superRefine((found, context) => {
    for (const key of ["path", "permissionsBoundary"] as const) {
      if (found.existing && found[key] !== undefined) {
        context.addIssue({
          code: "custom",
          path: [key],
          input: found[key],
          message: "no value with existing: true, since the stack does not manage existing users",
        });
      }
    }
    if (found.existing && found.retainOnDelete) {
      context.addIssue({
        code: "custom",
        path: ["retainOnDelete"],
        input: true,
        message: "no value with existing: true, since the stack never deletes existing users",
      });
    }
  }),
);

const role = fields("a role, a map", {
  name: name.roleName,
  sessionSeconds: name.seconds(3600, 43200).default(3600),
  managedPolicyArns: list(name.policyArn, "a list of ARNs of managed policies").default([]),
  inlinePolicy: inlinePolicy.optional(),
  trust: fields("a map", {
    accounts: list(name.accountId, "a list of account ids").default([]),
    users: list(name.trustedUser, "a list of users").default([]),
  })
    .refine((trust) => trust.accounts.length + trust.users.length > 0, {
      error: "at least one account or user (omit trust for this account)",
    })
    .optional(),
  maxMfaAgeSeconds: name.seconds(1, 129600).optional(),
  path: name.path.optional(),
  permissionsBoundary: name.policyArn.optional(),
  assumeRoleArn: name.roleArn.optional(),
});

/**
 * The default role may see which buckets and objects there are and read none of them: the least with
 * which `aws s3 ls` shows that the way in works. What people are to do is for the configuration to say.
 */
const DEFAULT_ROLES = [
  {
    name: "MFABasedAccess",
    inlinePolicy: {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "ListBuckets",
          Effect: "Allow",
          Action: ["s3:GetBucketLocation", "s3:ListAllMyBuckets", "s3:ListBucket"],
          Resource: "*",
        },
      ],
    },
  },
];

/** Every key of the stack's namespace, its allowed values and its default. */
export const configuration = z.object({
  groupName: name.groupName.default("MFA"),
  selfServiceDevices: z
    .union([z.boolean(), z.literal("enable")], { error: 'true, "enable" or false' })
    .default(true),
  selfServiceKeys: flag().default(true),
  users: list(user, 'a list of users, or comma-separated names such as "alice,bob"').prefault([]),
  devices: name.devices.default(["phone"]),
  releaseUsers: list(name.userName, "a list of user names").default([]),
  roles: list(role, "a list of at least one role")
    .min(1, { error: "a list of at least one role (omit it for the role MFABasedAccess)" })
    .prefault(DEFAULT_ROLES),
  profileName: name.profileName.default("mfabasedaccess"),
  sourceProfile: name.profileName.default("default"),
  tags: name.tags.default({}),
});

export type Configuration = z.output<typeof configuration>;
export type UserConfiguration = Configuration["users"][number];
export type RoleConfiguration = Configuration["roles"][number];

/** JSON text as its value; anything else, also text that is no JSON, as it is. */
function parsedJson(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
