import type { Document, Lexer, Node, Pair, Scalar, YAMLMap } from "yaml";
import { BOUNDS, refused, type TextResult, TOO_DEEP, TOO_MANY } from "./model";

/**
 * Reads a YAML template into the values of its JSON form: short forms (`!Ref`) become long ones, aliases and merge keys are
 * resolved, and texts such as `2012-10-17`, `on` and `yes` stay texts, as in CloudFormation. Bounded in depth and work, so
 * that a hostile text is rejected. Never throws.
 * Source: CloudFormation user guide, "CloudFormation template format" and "Intrinsic function reference".
 */
export function readYaml(text: string): TextResult {
  const yaml = library();
  const lines = new yaml.LineCounter();
  const place = (offset: number) => `line ${lines.linePos(offset).line}`;
  lines.addNewLine(0);
  const parser = new yaml.Parser(lines.addNewLine);
  let tokens = 0;
  let bound: "deep" | "many" | undefined;
  function* parsed() {
    for (const lexeme of lexemes(new yaml.Lexer(), text)) {
      yield* parser.next(lexeme);
      tokens += 1;
      // The composer recurses, and could overflow the stack.
      if (parser.stack.length > 2 * BOUNDS.levels) bound = "deep";
      else if (tokens > BOUNDS.yamlTokens) bound = "many";
      if (bound !== undefined) return;
    }
    yield* parser.end();
  }
  const composer = new yaml.Composer(OPTIONS);
  const documents: Document.Parsed[] = [];
  try {
    for (const document of composer.compose(parsed(), true, text.length)) documents.push(document);
  } catch {
    return refused("", NEITHER, "one of the two");
  }
  if (bound === "deep") return refused(place(parser.offset), ...TOO_DEEP);
  if (bound === "many") return refused("", ...TOO_MANY);
  const [document, ...more] = documents;
  if (document === undefined || more.length > 0) {
    return refused("", `${documents.length} YAML documents`, "one");
  }
  const error = document.errors.find(({ message }) => !message.startsWith("Comments must be separated"));
  if (error !== undefined) return refused(place(error.pos[0]), NEITHER, "one of the two");
  const reader = new NodeReader(yaml, place);
  const value = reader.value(document.contents, 0);
  return reader.refusal ?? { ok: true, value, ...(reader.twice !== undefined && { twice: reader.twice }) };
}

/**
 * The lexemes of a text in a layout of YAML 1.1. It accepts lines within brackets or quotes at any indentation; the library
 * requires more than the parent's. Indenting them does not change their meaning.
 */
function* lexemes(lexer: Lexer, text: string): Generator<string> {
  let brackets = 0;
  let indent = "";
  let pending = "";
  let laid = "";
  let isBlock = false;
  const isInBlock = (line: string) => isBlock && (line.trim() === "" || line.startsWith(indent));
  const lines = text.split(/(?<=\n)/);
  for (const [at, line] of lines.entries()) {
    isBlock = isInBlock(line);
    const [quote] = isBlock ? [] : (/^["']/.exec(pending) ?? []);
    const isInside = brackets > 0 || quote !== undefined;
    if (!isInside && !isBlock) indent = " ".repeat((/^[ ?:-]{0,200}/.exec(line)?.[0].length ?? 0) + 1);
    laid += isInside ? indent + line : line;
    // The lexer reads an open scalar from its start again with each text, so it gets all lines at once that are laid alike.
    const next = lines[at + 1];
    if (
      next !== undefined &&
      (isBlock ? isInBlock(next) : !(quote ? line.includes(quote) : MARKS.test(line)))
    )
      continue;
    pending += laid;
    for (const lexeme of lexer.lex(laid, true)) {
      if (pending.startsWith(lexeme)) pending = pending.slice(lexeme.length);
      if (lexeme === "{" || lexeme === "[") brackets += 1;
      if (lexeme === "}" || lexeme === "]") brackets -= 1;
      if (/^[|>][-+\d]{0,2}$/.test(lexeme)) isBlock = true;
      yield lexeme;
    }
    laid = "";
  }
  yield* lexer.lex("");
}

/** What may begin or end brackets, quotes and blocks. */
const MARKS = /["'[\]{}|>]/;

const NEITHER = "text that is neither JSON nor YAML";

/** `failsafe`: every scalar is its text. Keys are checked here: the library takes quadratic time for it. */
const OPTIONS = {
  schema: "failsafe",
  uniqueKeys: false,
  merge: false,
  logLevel: "silent",
  prettyErrors: false,
} as const;

type Library = typeof import("yaml");

/** Loaded with the first YAML template, to keep the start of the pack fast. */
function library(): Library {
  return require("yaml");
}

class NodeReader {
  refusal: ReturnType<typeof refused> | undefined;
  /** Where a key is repeated; the last one counts. */
  twice: string | undefined;
  /** Counted again for each alias, since readers of the result visit the values again. */
  private values = 0;
  private readonly anchors = new Map<string, { readonly value: unknown; readonly values: number }>();

  constructor(
    private readonly yaml: Library,
    private readonly place: (offset: number) => string,
  ) {}

  value(node: Node | null, level: number): unknown {
    if (this.refusal !== undefined || node === null) return null;
    const anchored = this.yaml.isAlias(node) ? this.anchors.get(node.source) : undefined;
    const before = this.values;
    this.values += anchored?.values ?? 1;
    if (level > BOUNDS.levels) return this.refuse(node, ...TOO_DEEP);
    if (this.values > BOUNDS.values) return this.refuse(node, ...TOO_MANY);
    if (this.yaml.isAlias(node)) {
      if (anchored !== undefined) return anchored.value;
      return this.refuse(node, "an alias without an anchor before it", "an anchor of that name");
    }
    const value = this.tagged(node, level);
    const anchor = this.yaml.isScalar(node) || this.yaml.isCollection(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.anchors.set(anchor, { value, values: this.values - before });
    return value;
  }

  private refuse(node: Node | null, found: string, allowed: string): null {
    this.refusal ??= refused(this.place(node?.range?.[0] ?? 0), found, allowed);
    return null;
  }

  private tagged(node: Node, level: number): unknown {
    const tag = node.tag ?? "";
    const [, name] = /^!([A-Za-z][A-Za-z0-9:]*)$/.exec(tag) ?? [];
    if (name !== undefined) {
      const key = name === "Ref" || name === "Condition" ? name : `Fn::${name}`;
      return { [key]: this.plain(node, level + 1, true) };
    }
    if (/^(!|tag:yaml\.org,2002:(str|int|float|bool|null|map|seq))?$/.test(tag)) {
      return this.plain(node, level, /^(!|.*:str)$/.test(tag));
    }
    return this.refuse(
      node,
      "a tag that CloudFormation does not know",
      "a function such as !Ref, !Sub or !GetAtt",
    );
  }

  private plain(node: Node, level: number, asText: boolean): unknown {
    if (this.yaml.isMap(node)) return this.map(node, level);
    if (this.yaml.isSeq(node)) return node.items.map((item) => this.value(this.node(item), level + 1));
    return this.yaml.isScalar(node) ? this.scalar(node, asText) : null;
  }

  private node(item: unknown): Node | null {
    return this.yaml.isNode(item) ? item : null;
  }

  private scalar({ source = "", type }: Scalar, asText: boolean): unknown {
    if (asText || type !== "PLAIN") return source;
    if (/^(~|null|Null|NULL|)$/.test(source)) return null;
    if (/^(true|True|TRUE)$/.test(source)) return true;
    if (/^(false|False|FALSE)$/.test(source)) return false;
    // A number that JSON writes in the same way. An account id has 12 digits and stays a text.
    const isNumber = /^-?\d{1,11}(\.\d{1,6})?$/.test(source) && String(Number(source)) === source;
    return isNumber ? Number(source) : source;
  }

  private map(node: YAMLMap, level: number): unknown {
    const entries = new Map<string, unknown>();
    const merged: unknown[] = [];
    for (const pair of node.items) {
      const key = this.key(pair);
      if (this.refusal !== undefined || key === undefined) return null;
      const value = this.value(this.node(pair.value), level + 1);
      if (key === MERGE) merged.push(...(Array.isArray(value) ? value : [value]));
      else {
        if (entries.has(key)) this.twice ??= this.place(this.node(pair.key)?.range?.[0] ?? 0);
        entries.set(key, value);
      }
    }
    for (const source of merged) {
      if (typeof source !== "object" || source === null || Array.isArray(source)) {
        return this.refuse(node, "a merge key whose value is not a map", "a map, or a list of maps");
      }
      const added = Object.entries(source);
      this.values += added.length;
      if (this.values > BOUNDS.values) return this.refuse(node, ...TOO_MANY);
      for (const [key, value] of added) if (!entries.has(key)) entries.set(key, value);
    }
    return Object.fromEntries(entries);
  }

  private key({ key }: Pair): string | typeof MERGE | undefined {
    const node = this.node(key);
    const value = this.yaml.isScalar(node) ? node.source : this.value(node, 0);
    if (typeof value !== "string") {
      this.refuse(node, "a key that is not text", "text");
      return undefined;
    }
    if (this.yaml.isScalar(node) && node.type === "PLAIN" && value === "<<") return MERGE;
    if (this.yaml.isScalar(node) && node.anchor !== undefined)
      this.anchors.set(node.anchor, { value, values: 1 });
    return value;
  }
}

const MERGE = Symbol("<<");
