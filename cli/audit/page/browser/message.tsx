/** A message as paragraphs; an indented line belongs to the line above. */
export function Message({ text }: { readonly text: string }) {
  return (
    <div class="message">
      {text.split("\n").map((line, index) => (
        <p class={/^\s/.test(line) ? "inner" : ""} key={index}>
          {line.trim()}
        </p>
      ))}
    </div>
  );
}
