/** The outcome of a search. `none` is a proof; `undecided` is not. */
export type Found<T> =
  | { readonly kind: "found"; readonly value: T }
  | { readonly kind: "none" | "undecided" };

export const NONE = { kind: "none" } as const;
export const UNDECIDED = { kind: "undecided" } as const;

export function found<T>(value: T): Found<T> {
  return { kind: "found", value };
}
