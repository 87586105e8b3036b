/**
 * A text in which everything can be seen: characters that move the cursor, erase, colour or turn the direction stand as
 * what they are, such as `\u{1b}`, so that a name in a file cannot hide what is printed beside it.
 */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
