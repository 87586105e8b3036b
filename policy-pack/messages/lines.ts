/** The lines of a message that apply: `false` stands for one that does not. */
export function linesOf(...lines: readonly (string | false | readonly string[])[]): readonly string[] {
  return lines.flat().filter((line) => line !== false);
}
