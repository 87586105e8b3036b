import { useRef, useState } from "preact/hooks";
import { Lines } from "./text";

/** What to do, to be read and copied. */
export function Fix({ text }: { readonly text: string }) {
  const [isCopied, setCopied] = useState(false);
  const shown = useRef<HTMLDivElement>(null);
  const copy = async () => {
    await navigator.clipboard.writeText(text.replace(/^Fix:\s*/, "")).then(
      () => setCopied(true),
      // Where the browser does not allow it, what is marked can be copied by hand.
      () => shown.current && getSelection()?.selectAllChildren(shown.current),
    );
  };
  return (
    <div class="fix">
      <div ref={shown}>
        <Lines text={text} />
      </div>
      <button type="button" class="plain copy" onClick={copy}>
        {isCopied ? "Copied" : "Copy"}
        <span class="unseen"> the fix</span>
      </button>
      <span class="unseen" role="status">
        {isCopied ? "Copied" : ""}
      </span>
    </div>
  );
}
