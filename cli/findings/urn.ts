/** A resource's name in Pulumi: `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`. */
export interface Urn {
  readonly stack: string;
  readonly project: string;
  /** The resource's own type, without its parents'. */
  readonly type: string;
  readonly name: string;
}

/** The parts of a URN; `undefined` if it is not one. https://www.pulumi.com/docs/iac/concepts/resources/names/#urns */
export function partsOf(urn: string): Urn | undefined {
  const [head = "", project, types, ...name] = urn.split("::");
  const stack = /^urn:pulumi:(.+)$/.exec(head)?.[1];
  if (stack === undefined || project === undefined || types === undefined || name.length === 0)
    return undefined;
  return { stack, project, type: types.slice(types.lastIndexOf("$") + 1), name: name.join("::") };
}
