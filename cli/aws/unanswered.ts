/** Whoever was asked did not answer, or it was not AWS who did. The message says which. Asking again at once is of no use. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
}

/** Nothing came, or less than an answer, for so long. */
export function silent(ms: number): Unanswered {
  return new Unanswered(`no answer within ${ms / 1000} s`);
}

/** What came is none of AWS's answers. */
export function notAws(what: string): Unanswered {
  return new Unanswered(`something else answered, such as a proxy (${what})`);
}
