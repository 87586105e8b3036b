/** A text of a document: known, or unknown as a whole or in parts. */
export type Text = string | Unknown;

/**
 * An unknown value in a document: an unresolved output during a preview, a template's parameter, or an intrinsic function that
 * is not resolved. It may turn out to be any value that is valid in its place.
 */
export class Unknown {
  constructor(
    /** Its origin, for messages, e.g. `Fn::GetAtt`. Never the value itself. */
    readonly label: string,
    /** The resource that it is an output of, e.g. a logical id of the same template. */
    readonly refersTo?: string,
    /** Two with the same id are the same value. Without an id, it is equal to itself alone. */
    readonly id?: string,
    /** The known and unknown parts of a text, in order; absent if nothing of it is known. Made by `text`. */
    readonly parts?: readonly Text[],
    /** Whether it is the id of an account. */
    readonly form?: "account",
  ) {}

  /**
   * A text made of known and unknown parts: known when all of them are, and the same value as any other that is made of
   * the same parts. E.g. `Unknown.text("Fn::Sub", ["arn:aws:iam::", account, ":root"])`.
   */
  static text(label: string, parts: readonly Text[]): Text {
    const flat: Text[] = [];
    for (const part of parts.flatMap((each) => partsOf(each))) {
      const last = flat.at(-1);
      if (part === "") continue;
      if (typeof part === "string" && typeof last === "string") flat[flat.length - 1] = last + part;
      else flat.push(part);
    }
    const [only = "", ...more] = flat;
    if (more.length === 0) return only;
    return new Unknown(label, undefined, identityOf(flat), flat);
  }
}

/**
 * One of two values, by an unknown Boolean: a template's `Fn::If`. Choices with the same id are decided alike. `undefined`
 * removes the value, as `AWS::NoValue` does.
 */
export class Choice {
  constructor(
    /** The Boolean, e.g. the name of a template's condition. */
    readonly id: string,
    readonly whenTrue: unknown,
    readonly whenFalse: unknown,
    /** If the Boolean is true, this unknown value is this text. */
    readonly equals?: { readonly unknown: Unknown; readonly text: string },
  ) {}

  /** The same choice between other values. */
  with(whenTrue: unknown, whenFalse: unknown): Choice {
    return new Choice(this.id, whenTrue, whenFalse, this.equals);
  }
}

export function isText(value: unknown): value is Text {
  return typeof value === "string" || value instanceof Unknown;
}

export function partsOf(text: Text): readonly Text[] {
  return text instanceof Unknown ? (text.parts ?? [text]) : [text];
}

/** The text for a message, with a label for each unknown part: `arn:aws:iam::${AWS::AccountId}:root`. */
export function written(text: Text): string {
  return partsOf(text)
    .map((part) => (typeof part === "string" ? part : `\${${part.label}}`))
    .join("");
}

const made = new WeakMap<Unknown, string>();
let count = 0;

/** The same for equal values, known or not, and different otherwise. */
export function identityOf(value: Text | readonly Text[]): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (!(value instanceof Unknown)) return value.map((each) => identityOf(each)).join("+");
  if (value.id !== undefined) return value.parts === undefined ? `<${value.id}>` : value.id;
  const known = made.get(value);
  if (known !== undefined) return known;
  count += 1;
  const identity = `<#${count}>`;
  made.set(value, identity);
  return identity;
}
