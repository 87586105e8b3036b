import { basename } from "node:path";
import { z } from "zod";
import { Failure } from "../../failure";
import { jsonOf } from "../input-text";
import { isObject } from "./saved";

interface Parameter {
  /** The stack whose template it is for; `undefined` for all templates. */
  readonly stack?: string | undefined;
  readonly name: string;
  /** `undefined` where it is the value of before, which no file says. */
  readonly value?: string | undefined;
}

const NAME = "[A-Za-z0-9]{1,255}";
const PAIR = new RegExp(`^(?:([A-Za-z][A-Za-z0-9-]*):)?(${NAME})=(.*)$`, "s");

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const pair = z.string().regex(PAIR).transform(pairIn);
const named = z
  .object({
    ParameterKey: z.string(),
    ParameterValue: text.optional(),
    UsePreviousValue: z.boolean().optional(),
  })
  .transform(({ ParameterKey: name, ParameterValue: value, UsePreviousValue: isKept }) => ({
    name,
    value: isKept ? undefined : value,
  }));
const values = z
  .record(z.string().regex(new RegExp(`^${NAME}$`)), text)
  .transform((all) => Object.entries(all).map(([name, value]) => ({ name, value })));
const file: z.ZodType<readonly Parameter[]> = z.union([
  z.array(z.union([named, pair])),
  z.object({ Parameters: values }).transform(({ Parameters }) => Parameters),
  values,
]);

function pairIn(given: string): Parameter {
  const [, stack, name = "", value] = PAIR.exec(given) ?? [];
  return { stack, name, value };
}

/** The values that a deployment gives to the parameters of templates. */
export class TemplateParameters {
  readonly #used = new Set<Parameter>();
  constructor(private readonly given: readonly Parameter[]) {}

  /**
   * The values for a template, by the names that it declares; `undefined` where none of them is given. Of one that is given, every
   * other parameter has its default, as CloudFormation has it. What is `NoEcho` stays unknown, so that no output tells it.
   */
  of(path: string, declared: unknown): Readonly<Record<string, unknown>> | undefined {
    if (!isObject(declared)) return undefined;
    const stack = basename(path).replace(/\.template\.json$/, "");
    const own = this.given.filter(
      ({ name, stack: only }) => Object.hasOwn(declared, name) && (only === undefined || only === stack),
    );
    for (const each of own) this.#used.add(each);
    if (own.length === 0) return undefined;
    const secret = Object.keys(declared).filter((name) => isNoEcho(declared[name]));
    return Object.fromEntries([
      ...own.map(({ name, value }) => [name, value ?? UNKNOWN]),
      ...secret.map((name) => [name, UNKNOWN]),
    ]);
  }

  /** Throws Failure (`unseen`) with the names that no template has declared so far: they may be mistyped. */
  assertUsed(): void {
    const names = this.given.filter((each) => !this.#used.has(each)).map(({ name }) => name);
    if (names.length === 0) return;
    throw new Failure(
      "unseen",
      `--parameters sets ${names.join(", ")}, which no template declares.`,
      "Check the names, and any stack name before the colon.",
    );
  }
}

/** What no text can be: a value that is not said. */
const UNKNOWN = {};

function isNoEcho(parameter: unknown): boolean {
  return isObject(parameter) && String(parameter.NoEcho).toLowerCase() === "true";
}

/**
 * Reads `--parameters`: `NAME=VALUE` and `STACK:NAME=VALUE` as the CDK takes them, or files as the AWS CLI and CodePipeline take them.
 *
 * @throws Failure (`unseen`) where a file is none of these
 */
export async function parametersIn(given: readonly string[]): Promise<TemplateParameters> {
  const all: Parameter[] = [];
  for (const each of given) {
    if (PAIR.test(each)) all.push(pairIn(each));
    else all.push(...(await parametersInFile(each)));
  }
  return new TemplateParameters(all);
}

async function parametersInFile(path: string): Promise<readonly Parameter[]> {
  const parsed = file.safeParse(await jsonOf(path, "the parameters of a template"));
  if (parsed.success) return parsed.data;
  throw new Failure(
    "unseen",
    `${path} is not a file of template parameters.`,
    'Expected [{"ParameterKey": "Name", "ParameterValue": "value"}], ["Name=value"] or {"Parameters": {"Name": "value"}}.',
  );
}
