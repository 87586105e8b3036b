import { z } from "zod";
import { SelfServiceDevices } from "../group/self-service";
import { input } from "./input";
import * as name from "./names";

/** A map with known keys. The issue of an unknown key has the allowed keys as its message: see `problemsOf`. */
function fields<Shape extends z.core.$ZodLooseShape>(allowed: string, shape: Shape) {
  const keys = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? keys : `${allowed} with the keys ${keys}`),
  });
}

function list<Item extends z.ZodType>(item: Item, allowed: string, least = 0) {
  return z.array(item, { error: allowed }).min(least, { error: allowed });
}

/** Names that differ in more than case, which IAM ignores; names that are not known yet are not compared. */
function unique<Names extends z.ZodType<readonly unknown[]>>(names: Names) {
  const distinct = (all: readonly unknown[]) =>
    new Set(all.map((each) => (typeof each === "string" ? each.toLowerCase() : each))).size === all.length;
  return names.refine(distinct, { error: "unique names, ignoring case" });
}

function flag() {
  return z.boolean({ error: "true or false" });
}

/** Refuses the settings that apply only to users whom the component creates. */
function forCreatedUsers(
  user: { existing: boolean; retainOnDelete: boolean; path?: unknown; permissionsBoundary?: unknown },
  context: z.RefinementCtx,
): void {
  if (!user.existing) return;
  const refuse = (key: string, input: unknown, why: string) => {
    const message = `no value with existing: true, since the stack ${why}`;
    context.addIssue({ code: "custom", path: [key], input, message });
  };
  for (const key of ["path", "permissionsBoundary"] as const) {
    if (user[key] !== undefined) refuse(key, user[key], "does not manage existing users");
  }
  if (user.retainOnDelete) refuse("retainOnDelete", true, "never deletes existing users");
}

/** JSON text, given as text or as a map. */
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
    roles: list(name.roleName, "a list of at least one role name (omit it for all roles)", 1).optional(),
  }).superRefine(forCreatedUsers),
);

const managedPolicyArns = list(input(name.policyArn), "a list of ARNs of managed policies");

/** The arguments that every role has. */
const permissions = {
  sessionSeconds: input(name.sessionLength).default(3600),
  inlinePolicy: input(inlinePolicy).optional(),
  maxMfaAgeSeconds: input(name.maxMfaAge).optional(),
  permissionsBoundary: input(name.policyArn).optional(),
};

const role = fields("a role, a map", {
  name: name.roleName,
  ...permissions,
  managedPolicyArns: managedPolicyArns.default([]),
  trust: fields("a map", {
    accounts: list(name.accountId, "a list of account ids").default([]),
    users: list(name.trustedUser, "a list of users").default([]),
  })
    .refine((trust) => trust.accounts.length + trust.users.length > 0, {
      error: "at least one account or user (omit trust for this account)",
    })
    .optional(),
  path: name.path.optional(),
  assumeRoleArn: name.roleArn.optional(),
});

/** The default role can list buckets and objects, and read no object: enough to try the profile with `aws s3 ls`. */
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

const guardSettings = {
  selfServiceDevices: input(selfServiceDevices).default("createAndEnable"),
  tags: input(name.tags).default({}),
};

const groupSettings = { ...guardSettings, selfServiceKeys: input(flag()).default(true) };

/** The arguments of `MfaAccess`, with their defaults. */
export const access = fields("the arguments", {
  groupName: input(name.groupName).default("MFA"),
  ...groupSettings,
  users: list(user, 'a list of users, or comma-separated names such as "alice,bob"').prefault([]),
  devices: name.devices.default(["phone"]),
  releaseUsers: input(list(name.userName, "a list of user names")).default([]),
  roles: list(role, "a list of at least one role (omit it for the role MFABasedAccess)", 1).prefault(
    DEFAULT_ROLES,
  ),
  profileName: input(name.profileName).default("mfabasedaccess"),
  sourceProfile: input(name.profileName).default("default"),
});

export type AccessSettings = z.output<typeof access>;
export type UserSettings = AccessSettings["users"][number];
export type RoleSettings = AccessSettings["roles"][number];

export const group = fields("the arguments", {
  groupName: input(name.groupName),
  ...groupSettings,
  roles: input(
    list(
      fields("a role, a map", {
        arn: name.roleArn,
        userNames: list(name.userName, "a list of user names").optional(),
      }),
      "a list of roles",
    ),
  ).default([]),
});

export const guard = fields("the arguments", {
  policyName: input(name.policyName),
  // No outputs: an attachment that is named by its position would be detached after it is attached again at another one.
  groupNames: unique(list(name.existingGroupName, "a list of at least one group's name", 1)),
  ...guardSettings,
});

export const mfaRole = fields("the arguments", {
  roleName: input(name.roleName),
  ...permissions,
  trustedArns: input(
    list(name.principalArn, "a list of at least one ARN (omit it for this account)", 1),
  ).optional(),
  managedPolicyArns: unique(managedPolicyArns).default([]),
  path: input(name.path).optional(),
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
}).superRefine(forCreatedUsers);

/** The value of JSON text; anything else, including other text, unchanged. */
function parsedJson(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
