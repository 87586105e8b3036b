import type { RoleDetail } from "@aws-sdk/client-iam";
import { z } from "zod";
import type { LastUse } from "../report";

const time = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), "is not a time")
  .transform((text) => new Date(text))
  .optional();

/** The use of a role in the output of `get-account-authorization-details` and `get-role`. */
export const savedRoleUse = z.object({
  CreateDate: time,
  RoleLastUsed: z.object({ LastUsedDate: time, Region: z.string().optional() }).optional(),
});

/** A role's last use; `undefined` if AWS did not return it: `ListRoles` does not. */
export function lastUseOfRole({
  CreateDate,
  RoleLastUsed,
}: Pick<RoleDetail, "CreateDate" | "RoleLastUsed">): LastUse | undefined {
  if (RoleLastUsed === undefined) return undefined;
  const { LastUsedDate, Region } = RoleLastUsed;
  return LastUsedDate === undefined
    ? { kind: "not recorded", of: "role", createdAt: CreateDate?.toISOString() }
    : { kind: "used", of: "role", at: LastUsedDate.toISOString(), region: Region || undefined };
}
