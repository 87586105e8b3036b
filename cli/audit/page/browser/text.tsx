/** Lines as they are; what is indented belongs to what stands above. */
export function Lines({ text }: { readonly text: string }) {
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
