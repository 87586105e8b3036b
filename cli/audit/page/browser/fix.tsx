import { CopyButton } from "./copy";
import { Lines } from "./text";

/** What to do, to be read and copied. */
export function Fix({ text }: { readonly text: string }) {
  return (
    <div class="fix">
      <Lines text={text} />
      <CopyButton text={text.replace(/^Fix:\s*/, "")} what="the fix" />
    </div>
  );
}
