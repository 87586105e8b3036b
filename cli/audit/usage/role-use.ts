import type { RoleDetail } from "@aws-sdk/client-iam";
import { z } from "zod";
import type { LastUse } from "../report";

const time = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), "is no time")
  .transform((text) => new Date(text))
  .optional();

/** What the AWS CLI saves of a role's use: `get-account-authorization-details` and `get-role` tell it. */
export const savedRoleUse = z.object({
  CreateDate: time,
  RoleLastUsed: z.object({ LastUsedDate: time, Region: z.string().optional() }).optional(),
});

/** A role's last use; `undefined` where AWS did not tell: `ListRoles` leaves it out. */
export function lastUseOfRole({
  CreateDate,
  RoleLastUsed,
}: Pick<RoleDetail, "CreateDate" | "RoleLastUsed">): LastUse | undefined {
  if (RoleLastUsed === undefined) return undefined;
  const { LastUsedDate, Region } = RoleLastUsed;
  if (LastUsedDate === undefined)
    return { kind: "not recorded", of: "role", ...createdAt(CreateDate?.toISOString()) };
  return { kind: "used", of: "role", at: LastUsedDate.toISOString(), ...(Region ? { region: Region } : {}) };
}

/** Since when there was nothing to record. */
export function createdAt(at: string | undefined): { readonly createdAt?: string } {
  return at === undefined ? {} : { createdAt: at };
}
