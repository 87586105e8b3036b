/** How many users are asked about at once. IAM has one limit for all calls of an account. */
const AT_ONCE = 8;

/** The first failure ends it: what one user's list is refused for, every user's is. */
export async function forEachUser(
  users: readonly string[],
  work: (user: string) => Promise<void>,
): Promise<void> {
  const { default: pMap } = await import("p-map");
  await pMap(users, work, { concurrency: AT_ONCE });
}
