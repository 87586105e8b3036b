import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { fragmentOf, type View, viewIn } from "../view";

/** Changes the view. Consecutive changes by typing are one step of the history. */
export type Change = (next: (before: View) => View, isTyping?: boolean) => void;

/** The view in the URL's fragment. */
export function useView(): readonly [View, Change] {
  const [view, setView] = useState(() => viewIn(location.hash));
  const latest = useRef({ view, isTyping: false });
  useEffect(() => {
    const read = () => {
      latest.current = { view: viewIn(location.hash), isTyping: false };
      setView(latest.current.view);
    };
    addEventListener("popstate", read);
    return () => removeEventListener("popstate", read);
  }, []);
  const change = useCallback<Change>((next, isTyping = false) => {
    const { view: before, isTyping: wasTyping } = latest.current;
    const view = next(before);
    if (fragmentOf(view) === fragmentOf(before)) return;
    latest.current = { view, isTyping };
    remember(view, isTyping && wasTyping);
    setView(view);
  }, []);
  return [view, change];
}

function remember(view: View, isSameStep: boolean): void {
  const url = new URL(location.href);
  url.hash = fragmentOf(view);
  try {
    if (isSameStep) history.replaceState(null, "", url);
    else history.pushState(null, "", url);
  } catch {
    // In a frame without an origin, or after too many calls. The page shows the view anyway.
  }
}
