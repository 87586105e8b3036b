/** A part of a text, without its form. */
export type Part =
  | { readonly kind: "title"; readonly text: string }
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "json"; readonly value: unknown };

/** A heading and what stands under it. */
export interface Section {
  readonly heading: string;
  readonly parts: readonly Exclude<Part, { kind: "title" | "heading" }>[];
}

/** A text by its sections; the first has the title, and what stands before the first heading. */
export function sectionsOf(parts: readonly Part[]): readonly Section[] {
  const sections: { heading: string; parts: Section["parts"][number][] }[] = [];
  for (const part of parts) {
    if (part.kind === "title" || part.kind === "heading") sections.push({ heading: part.text, parts: [] });
    else sections.at(-1)?.parts.push(part);
  }
  return sections;
}
