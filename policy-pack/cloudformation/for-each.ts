import { Unknown } from "../iam/policy/unknown";
import { BOUNDS, type Values } from "./model";
import { Parameters, type TemplateContext } from "./parameter";

/** The transform that loops require. */
export const LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions";

const LOOP = "Fn::ForEach::";

/**
 * The template with each `Fn::ForEach` expanded whose collection is known. Every other loop stays, and so does one that would
 * make too many values.
 * Source: CloudFormation user guide, "Fn::ForEach".
 */
export function withoutLoops(template: Values, known: TemplateContext): Values {
  const parameters = new Parameters(template.Parameters, known);
  let made = 0;

  function expand(value: unknown, level: number): unknown {
    made += 1;
    if (!isContainer(value) || level > BOUNDS.levels) return value;
    if (Array.isArray(value)) return value.map((each) => expand(each, level + 1));
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, each]) => {
        const entries = key.startsWith(LOOP) ? entriesOf(each, level) : undefined;
        return entries ?? [[key, expand(each, level + 1)] as const];
      }),
    );
  }

  /** The entries that a loop makes; `undefined` if they are not known. */
  function entriesOf(loop: unknown, level: number): readonly (readonly [string, unknown])[] | undefined {
    const [name, written, body, ...more]: readonly unknown[] = Array.isArray(loop) ? loop : [];
    const collection = collectionOf(written);
    if (typeof name !== "string" || collection === undefined || !isContainer(body) || more.length > 0)
      return undefined;
    return collection.flatMap((item) => {
      if (made > BOUNDS.values) return [];
      return Object.entries(Object(expand(named(body, name, item), level + 1)));
    });
  }

  /** The items of a collection: a list of texts or parameters, or one parameter that is a list. */
  function collectionOf(written: unknown): readonly string[] | undefined {
    const items = Array.isArray(written) ? written.map(parameterOf) : parameterOf(written);
    if (!Array.isArray(items)) return undefined;
    const texts = items.flat().map((each) => (typeof each === "number" ? String(each) : each));
    return texts.every((each) => typeof each === "string") ? texts : undefined;
  }

  function parameterOf(item: unknown): unknown {
    const name = isContainer(item) && !Array.isArray(item) ? Reflect.get(item, "Ref") : undefined;
    return typeof name === "string" ? parameters.value(name) : item;
  }

  const expanded = expand(template, 0);
  return made > BOUNDS.values || !isContainer(expanded) ? template : { ...expanded };
}

/** A loop's body with the item in place of its name; `&{…}` drops the characters that a logical id cannot have. */
function named(value: unknown, name: string, item: string): unknown {
  if (typeof value === "string") {
    return value
      .replaceAll(`\${${name}}`, () => item)
      .replaceAll(`&{${name}}`, () => item.replace(/[^A-Za-z0-9]/g, ""));
  }
  if (!isContainer(value)) return value;
  if (Array.isArray(value)) return value.map((each) => named(each, name, item));
  const entries = Object.entries(value);
  if (entries.length === 1 && Reflect.get(value, "Ref") === name) return item;
  return Object.fromEntries(
    entries.map(([key, each]) => [String(named(key, name, item)), named(each, name, item)]),
  );
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null && !(value instanceof Unknown);
}
