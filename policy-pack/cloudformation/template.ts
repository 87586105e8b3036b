import { Unknown } from "../iam/policy/unknown";
import { LANGUAGE_EXTENSIONS, withoutLoops } from "./for-each";
import { Functions } from "./function";
import { functionLabel, isExpanding } from "./label";
import {
  isObject,
  type Result,
  refused,
  type Template,
  type TemplateError,
  type TemplateResource,
  type TextResult,
  type UnknownPart,
} from "./model";
import { NO_VALUE, type TemplateContext } from "./parameter";
import { isKnownServerless, SERVERLESS, withServerlessRoles } from "./serverless";
import { readText } from "./text";

/**
 * Reads the resources that a CloudFormation template declares, from JSON or YAML text or from the object itself. Functions
 * are resolved as far as the template and its context allow; every other becomes an `Unknown`, and a value that depends on a
 * condition a `Choice`. SAM's is the only macro that is expanded; `unknown` lists what others could add, and resources that
 * cannot be read. Bounded in size, depth and work; never throws.
 * Source: CloudFormation user guide, "Template anatomy".
 */
export function readTemplate(body: unknown, known: TemplateContext = { scope: "" }): Template {
  if (body instanceof Unknown) return { ok: true, resources: [], unknown: [{ what: body.label, where: "" }] };
  const template: TextResult = typeof body === "string" ? readText(body) : { ok: true, value: body };
  if (!template.ok) return template;
  if (!isObject(template.value)) {
    return refused("", formOf(template.value), "an object with Resources");
  }
  const transforms = listOf(template.value.Transform);
  const isServerless = transforms.includes(SERVERLESS);
  const written = transforms.includes(LANGUAGE_EXTENSIONS)
    ? withoutLoops(template.value, known)
    : template.value;
  const whole = isServerless ? withServerlessRoles(written) : written;
  const { Resources: declared } = whole;
  const unknown = [...macros(transforms), ...expanding(written, "")];
  if (declared instanceof Unknown) unknown.push({ what: declared.label, where: "Resources" });
  if (declared instanceof Unknown || (declared === undefined && unknown.length > 0)) {
    return { ok: true, resources: [], unknown };
  }
  if (!isObject(declared)) return refused("Resources", formOf(declared), "an object of resources");
  unknown.push(...expanding(declared, "Resources"));
  const entries = Object.entries(declared).filter(([logicalId]) => !isExpanding(logicalId));
  const functions = new Functions(whole, new Set(entries.map(([logicalId]) => logicalId)), known);
  const resources: TemplateResource[] = [];
  let unreadable: TemplateError | undefined;
  for (const [logicalId, value] of entries) {
    const where = `Resources.${logicalId}`;
    if (value instanceof Unknown) {
      unknown.push({ what: value.label, where });
      continue;
    }
    const holds = functions.assume(isObject(value) ? value.Condition : undefined);
    if (holds === false) continue;
    const resource = readResource(logicalId, value, where, functions);
    if (!resource.ok) {
      unreadable ??= resource.error;
      unknown.push({ what: "a resource that cannot be read", where: resource.error.where });
      continue;
    }
    resources.push(holds === true ? resource.value : { ...resource.value, condition: holds });
    const { type } = resource.value;
    if (isServerless && type.startsWith("AWS::Serverless::") && !isKnownServerless(type)) {
      unknown.push({ what: "a resource of a SAM type that is not known", where });
    }
    if (isObject(value))
      unknown.push(...expanding(value, where), ...expanding(value.Properties, `${where}.Properties`));
    if (resource.value.type.endsWith("::MODULE")) unknown.push({ what: "a module", where });
  }
  if (functions.refusal !== undefined) return functions.refusal;
  if (unreadable !== undefined && resources.length === 0) return { ok: false, error: unreadable };
  return { ok: true, resources, unknown: [...unknown, ...functions.unknown] };
}

function readResource(
  logicalId: string,
  value: unknown,
  where: string,
  functions: Functions,
): Result<TemplateResource> {
  if (!/^[A-Za-z0-9]{1,255}$/.test(logicalId)) {
    return refused("Resources", "a logical id of another form", "letters and digits, at most 255");
  }
  if (!isObject(value)) return refused(where, formOf(value), "a resource with a Type");
  const { Type: type, Properties: given } = value;
  if (typeof type !== "string")
    return refused(`${where}.Type`, formOf(type), "a type such as AWS::IAM::Role");
  if (given !== undefined && given !== null && !isObject(given) && !(given instanceof Unknown)) {
    return refused(`${where}.Properties`, formOf(given), "an object of properties");
  }
  const properties = new Map<string, unknown>();
  const references = new Map<string, readonly string[]>();
  for (const [name, written] of isObject(given) ? Object.entries(given) : []) {
    if (name.startsWith("Fn::")) continue;
    const property = functions.property(written, `${where}.Properties.${name}`);
    if (property.value === NO_VALUE) continue;
    properties.set(name, property.value);
    if (property.references.length > 0) references.set(name, property.references);
  }
  const isWhole = [value, given].every((part) => !(part instanceof Unknown) && !hasFunction(part));
  const resource = {
    logicalId,
    type,
    properties: Object.fromEntries(properties),
    references: Object.fromEntries(references),
    complete: isWhole && !type.endsWith("::MODULE"),
  };
  return { ok: true, value: resource };
}

/** The macros that are not expanded. Functions of the language extensions are reported where they occur. */
function macros(transforms: readonly unknown[]): readonly UnknownPart[] {
  return transforms
    .filter((each) => each !== SERVERLESS && each !== LANGUAGE_EXTENSIONS)
    .map((each) => ({ what: each instanceof Unknown ? each.label : "a macro", where: "Transform" }));
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function expanding(value: unknown, where: string): readonly UnknownPart[] {
  if (!isObject(value)) return [];
  return Object.keys(value)
    .filter(isExpanding)
    .map((name) => ({ what: functionLabel(name), where }));
}

function hasFunction(value: unknown): boolean {
  return isObject(value) && Object.keys(value).some((key) => key.startsWith("Fn::"));
}

/** The kind of a value, for a message that must not quote it. */
function formOf(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
