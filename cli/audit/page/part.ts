/** A part of a text in any format. */
export type Part =
  | { readonly kind: "title"; readonly text: string }
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "json"; readonly value: unknown };

/** A heading with its parts. */
export interface Section {
  readonly heading: string;
  readonly parts: readonly Exclude<Part, { kind: "title" | "heading" }>[];
}

/** The sections of a text. The first one has the title and the parts before the first heading. */
export function sectionsOf(parts: readonly Part[]): readonly Section[] {
  const sections: { heading: string; parts: Section["parts"][number][] }[] = [];
  for (const part of parts) {
    if (part.kind === "title" || part.kind === "heading") sections.push({ heading: part.text, parts: [] });
    else sections.at(-1)?.parts.push(part);
  }
  return sections;
}
