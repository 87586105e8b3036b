/** AWS did not answer, or something other than AWS did: the message says which. Retrying at once does not help. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
}

/** No complete response arrived in time. */
export function silent(ms: number): Unanswered {
  return new Unanswered(`no answer within ${ms / 1000} s`);
}

/** The response is not one of AWS's. `found` says why. */
export function notAws(found: string): Unanswered {
  return new Unanswered(`something else answered, such as a proxy (${found})`);
}
