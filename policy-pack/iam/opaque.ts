/**
 * A value inside a document that is not known yet: an unresolved output during a preview, or a template
 * function that nobody has resolved. It may turn out to be any text.
 */
export class Opaque {
  constructor(
    /** What the value stands for, for messages, e.g. `Fn::GetAtt`. Never the value itself. */
    readonly label: string,
    /** What the value is an output of, where that is known, e.g. a logical id of the same template. */
    readonly refersTo?: string,
  ) {}
}
