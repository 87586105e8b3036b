/** Removes the members of `before` that `after` does not have, and then adds the new ones. */
export async function changeSet(
  before: readonly string[],
  after: readonly string[],
  calls: { add(member: string): Promise<unknown>; remove(member: string): Promise<unknown> },
): Promise<void> {
  for (const member of before) if (!after.includes(member)) await calls.remove(member);
  for (const member of after) if (!before.includes(member)) await calls.add(member);
}
