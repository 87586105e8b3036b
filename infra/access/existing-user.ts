import { getUser } from "@pulumi/aws/iam/getUser";
import type * as pulumi from "@pulumi/pulumi";
import { notAllowed, type Problem } from "../arguments/problem";
import type { UserSettings } from "../arguments/schema";
import type { Deployment } from "../deployment";

/**
 * Looks up the users with `existing: true`.
 *
 * @returns their ARNs, paths included, by name, and a problem for each user that AWS does not find
 */
export async function findExisting(
  users: readonly UserSettings[],
  { account }: Deployment,
  options: pulumi.InvokeOptions,
): Promise<{ arns: ReadonlyMap<string, string>; problems: Problem[] }> {
  const arns = new Map<string, string>();
  const problems: Problem[] = [];
  const lookUp = async ({ name }: UserSettings, index: number) => {
    try {
      arns.set(name, (await getUser({ userName: name }, options)).arn);
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, " ");
      problems.push(
        notAllowed(
          `users[${index}].name`,
          name,
          `a user that exists in account ${account}, because existing is true (AWS: ${reason})`,
        ),
      );
    }
  };
  await Promise.all(users.map((user, index) => user.existing && lookUp(user, index)));
  return { arns, problems };
}
