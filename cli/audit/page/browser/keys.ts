/** Moves the focus within a column by the arrow keys, Home and End. */
export function step(event: KeyboardEvent, column: readonly HTMLElement[]): void {
  const at = event.target instanceof HTMLElement ? column.indexOf(event.target) : -1;
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: column.length - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  column[to]?.focus();
}
