import type { TargetedMouseEvent } from "preact";
import { useState } from "preact/hooks";

interface Given {
  readonly text: string;
  /** What it is, for those who do not see it. */
  readonly what: string;
}

/** Copies a text. Place it right after the element that shows the text. */
export function CopyButton({ text, what }: Given) {
  const [isCopied, setCopied] = useState(false);
  const copy = async ({ currentTarget }: TargetedMouseEvent<HTMLElement>) => {
    const { previousElementSibling: shown } = currentTarget;
    await navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      // If the browser does not allow it, the selection can be copied by hand.
      () => shown && getSelection()?.selectAllChildren(shown),
    );
  };
  return (
    <>
      <button type="button" class="plain copy" onClick={copy}>
        {isCopied ? "Copied" : "Copy"}
        <span class="unseen"> {what}</span>
      </button>
      <span class="unseen" role="status">
        {isCopied ? "Copied" : ""}
      </span>
    </>
  );
}
