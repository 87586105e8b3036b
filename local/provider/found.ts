const GONE = ["NoSuchEntity", "NoSuchEntityException", "NoSuchBucket", "NotFound"];

/** Whether the error says that the entity does not exist. */
export function isGone(error: unknown): boolean {
  return error instanceof Error && GONE.includes(error.name);
}

/** The response, or `undefined` if the entity does not exist. */
export async function found<T>(response: Promise<T>): Promise<T | undefined> {
  try {
    return await response;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
