const GONE = ["NoSuchEntity", "NoSuchEntityException", "NoSuchBucket", "NotFound"];

/** Whether AWS says that there is no such thing. */
export function isGone(error: unknown): boolean {
  return error instanceof Error && GONE.includes(error.name);
}

/** The answer, or `undefined` where AWS says that there is no such thing. */
export async function found<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
