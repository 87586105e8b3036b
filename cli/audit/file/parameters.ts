import { basename } from "node:path";
import { z } from "zod";
import { Failure } from "../../failure";
import { jsonOf } from "../input-text";
import { isObject } from "./resource";

interface Parameter {
  /** The stack whose template it is for; `undefined` for all templates. */
  readonly stack?: string | undefined;
  readonly name: string;
  /** `undefined` for the previous value (`UsePreviousValue`), which no file has. */
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

/** The values of template parameters in a deployment. */
export class TemplateParameters {
  readonly #used = new Set<Parameter>();
  constructor(private readonly given: readonly Parameter[]) {}

  /**
   * The values for a template, by the names that it declares; `undefined` if none is given. If one is given, every other parameter
   * has its default, as in CloudFormation. `NoEcho` parameters stay unknown, so that no output shows them.
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

  /** Throws Failure (`unseen`) with the names that no template has declared: they may be misspelled. */
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

/** Stands for a value that is not known: no parameter has an object as its value. */
const UNKNOWN = {};

function isNoEcho(parameter: unknown): boolean {
  return isObject(parameter) && String(parameter.NoEcho).toLowerCase() === "true";
}

/**
 * Reads `--parameters`: `NAME=VALUE` and `STACK:NAME=VALUE` as for the CDK, or files as for the AWS CLI and CodePipeline.
 *
 * @throws Failure (`unseen`) if a file is neither
 */
export async function parametersIn(given: readonly string[]): Promise<TemplateParameters> {
  const all = given.map(async (each) => (PAIR.test(each) ? [pairIn(each)] : parametersInFile(each)));
  return new TemplateParameters((await Promise.all(all)).flat());
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
