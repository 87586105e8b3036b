/**
 * The path of the first key that is twice in the same object of a JSON text, or `undefined`. `JSON.parse` keeps the last
 * silently, so that a reader and AWS could see different policies. The text must be valid JSON.
 */
export function findDuplicateKey(text: string): string | undefined {
  const stack: { keys: Set<string>; path: string; index: number; isArray: boolean }[] = [];
  const lexeme = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
  let pendingKey: string | undefined;
  let expectsKey = false;
  let path = "";
  for (const [token] of text.matchAll(lexeme)) {
    const top = stack.at(-1);
    if (token === "{" || token === "[") {
      const here = top?.isArray === true ? `${top.path}[${top.index}]` : path;
      stack.push({ keys: new Set(), path: here, index: 0, isArray: token === "[" });
      expectsKey = token === "{";
    } else if (token === "}" || token === "]") {
      stack.pop();
      expectsKey = false;
    } else if (token === ",") {
      if (top?.isArray === true) top.index += 1;
      expectsKey = top?.isArray === false;
    } else if (token === ":") {
      path = top === undefined || top.path === "" ? (pendingKey ?? "") : `${top.path}.${pendingKey ?? ""}`;
    } else if (expectsKey && top !== undefined) {
      pendingKey = token.includes("\\") ? String(JSON.parse(token)) : token.slice(1, -1);
      if (top.keys.has(pendingKey)) return top.path === "" ? pendingKey : `${top.path}.${pendingKey}`;
      top.keys.add(pendingKey);
      expectsKey = false;
    }
  }
  return undefined;
}

/** The text with long numbers as strings, which a policy reads alike, so that `JSON.parse` does not round them. */
export function withLongNumbersAsText(text: string): string {
  if (!/[-\d.eE+]{16}/.test(text)) return text;
  return text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[-\d.eE+]{15,}/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
}
