import type { TargetedMouseEvent } from "preact";
import { useState } from "preact/hooks";

interface Given {
  readonly text: string;
  /** In words, for those who do not see what it stands beside. */
  readonly what: string;
}

/** Copies a text. It stands right behind the element that shows it. */
export function CopyButton({ text, what }: Given) {
  const [isCopied, setCopied] = useState(false);
  const copy = async ({ currentTarget }: TargetedMouseEvent<HTMLElement>) => {
    const { previousElementSibling: shown } = currentTarget;
    await navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      // Where the browser does not allow it, what is marked can be copied by hand.
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
