import { z } from "zod";
import { SelfServiceDevices } from "../group/self-service";
import { input } from "./input";
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

/** Of names that IAM tells apart without their case, as far as they are known. */
function unique<Names extends z.ZodType<readonly unknown[]>>(names: Names) {
  const distinct = (all: readonly unknown[]) =>
    new Set(all.map((each) => (typeof each === "string" ? each.toLowerCase() : each))).size === all.length;
  return names.refine(distinct, { error: "unique names, ignoring case" });
}

function flag() {
  return z.boolean({ error: "true or false" });
}

/** What the component does not decide for a user whom others created. */
function onlyOfOwnUsers(
  found: { existing: boolean; retainOnDelete: boolean; path?: unknown; permissionsBoundary?: unknown },
  context: z.RefinementCtx,
): void {
  if (!found.existing) return;
  const refuse = (key: string, input: unknown, why: string) =>
    context.addIssue({
      code: "custom",
      path: [key],
      input,
      message: `no value with existing: true, since the stack ${why}`,
    });
  for (const key of ["path", "permissionsBoundary"] as const) {
    if (found[key] !== undefined) refuse(key, found[key], "does not manage existing users");
  }
  if (found.retainOnDelete) refuse("retainOnDelete", true, "never deletes existing users");
}

const TRUSTED = "a list of at least one ARN (omit it for this account)";

/** As JSON text, whichever way it is given. */
const inlinePolicy = z
  .preprocess(
    parsedJson,
    z.looseObject(
      { Statement: z.unknown().refine((value) => value !== undefined, { error: "a Statement" }) },
      { error: "an IAM policy document, as a map or as JSON text" },
    ),
  )
  .transform((document) => JSON.stringify(document));

export const selfServiceDevices = z.enum(SelfServiceDevices, {
  error: '"createAndEnable", "enable" or "none"',
});

const user = z.preprocess(
  (value) => (typeof value === "string" ? { name: value } : value),
  fields("a user's name, or a map", {
    name: name.userName,
    existing: flag().default(false),
    retainOnDelete: flag().default(false),
    path: name.path.optional(),
    permissionsBoundary: input(name.policyArn).optional(),
    devices: name.devices.optional(),
    roles: list(name.roleName, "a list of at least one role name (omit it for all roles)")
      .min(1, { error: "a list of at least one role name (omit it for all roles)" })
      .optional(),
  }).superRefine(onlyOfOwnUsers),
);

const role = fields("a role, a map", {
  name: name.roleName,
  sessionSeconds: input(name.sessionLength).default(3600),
  managedPolicyArns: list(input(name.policyArn), "a list of ARNs of managed policies").default([]),
  inlinePolicy: input(inlinePolicy).optional(),
  trust: fields("a map", {
    accounts: list(name.accountId, "a list of account ids").default([]),
    users: list(name.trustedUser, "a list of users").default([]),
  })
    .refine((trust) => trust.accounts.length + trust.users.length > 0, {
      error: "at least one account or user (omit trust for this account)",
    })
    .optional(),
  maxMfaAgeSeconds: input(name.maxMfaAge).optional(),
  path: name.path.optional(),
  permissionsBoundary: input(name.policyArn).optional(),
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

/** The arguments of `MfaAccess`, with their defaults. */
export const access = fields("the arguments", {
  groupName: input(name.groupName).default("MFA"),
  selfServiceDevices: input(selfServiceDevices).default("createAndEnable"),
  selfServiceKeys: input(flag()).default(true),
  users: list(user, 'a list of users, or comma-separated names such as "alice,bob"').prefault([]),
  devices: name.devices.default(["phone"]),
  releaseUsers: input(list(name.userName, "a list of user names")).default([]),
  roles: list(role, "a list of at least one role")
    .min(1, { error: "a list of at least one role (omit it for the role MFABasedAccess)" })
    .prefault(DEFAULT_ROLES),
  profileName: input(name.profileName).default("mfabasedaccess"),
  sourceProfile: input(name.profileName).default("default"),
  tags: input(name.tags).default({}),
});

export type AccessSettings = z.output<typeof access>;
export type UserSettings = AccessSettings["users"][number];
export type RoleSettings = AccessSettings["roles"][number];

export const group = fields("the arguments", {
  groupName: input(name.groupName),
  selfServiceDevices: input(selfServiceDevices).default("createAndEnable"),
  selfServiceKeys: input(flag()).default(true),
  roles: input(
    list(
      fields("a role, a map", {
        arn: name.roleArn,
        userNames: list(name.userName, "a list of user names").optional(),
      }),
      "a list of roles",
    ),
  ).default([]),
  tags: input(name.tags).default({}),
});

export const guard = fields("the arguments", {
  policyName: input(name.policyName),
  // Plain: one that is known by its place would be detached after it was attached again at another.
  groupNames: unique(
    list(name.existingGroupName, "a list of at least one group's name").min(1, {
      error: "a list of at least one group's name",
    }),
  ),
  selfServiceDevices: input(selfServiceDevices).default("createAndEnable"),
  tags: input(name.tags).default({}),
});

export const mfaRole = fields("the arguments", {
  roleName: input(name.roleName),
  trustedArns: input(list(name.principalArn, TRUSTED).min(1, { error: TRUSTED })).optional(),
  maxMfaAgeSeconds: input(name.maxMfaAge).optional(),
  sessionSeconds: input(name.sessionLength).default(3600),
  managedPolicyArns: unique(list(input(name.policyArn), "a list of ARNs of managed policies")).default([]),
  inlinePolicy: input(inlinePolicy).optional(),
  path: input(name.path).optional(),
  permissionsBoundary: input(name.policyArn).optional(),
  tags: input(name.tags).default({}),
});

export const mfaUser = fields("the arguments", {
  userName: input(name.userName),
  groupName: input(name.existingGroupName),
  existing: flag().default(false),
  retainOnDelete: flag().default(false),
  release: input(flag()).default(false),
  path: input(name.path).optional(),
  permissionsBoundary: input(name.policyArn).optional(),
  devices: unique(name.devices).default(["phone"]),
  tags: input(name.tags).default({}),
}).superRefine(onlyOfOwnUsers);

/** JSON text as its value; anything else, also text that is no JSON, as it is. */
function parsedJson(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
