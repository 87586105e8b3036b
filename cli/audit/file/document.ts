import { readTemplate, readText } from "aws-mfa-policy-pack/cloudformation";
import type { Resource } from "aws-mfa-policy-pack/resources";
import type { Source } from "../source";

/** What a file turned out to be: something to judge, or why it is nothing of the kind. */
export type Recognized =
  | { readonly kind: "source"; readonly source: Source }
  | { readonly kind: "other"; readonly what: string }
  | { readonly kind: "broken"; readonly problem: string };

/**
 * Tells what a text is by what it holds: a template by its `Resources`, a policy document by its `Statement`. A document
 * with principals is a role's trust policy, unless each of its statements names a resource, as those of a bucket do.
 */
export function recognize(text: string, path: string): Recognized {
  const read = readText(text);
  if (!read.ok) {
    const { where, found, allowed } = read.error;
    return {
      kind: "broken",
      problem: `${where === "" ? "" : `${where}: `}found ${found}; allowed is ${allowed}`,
    };
  }
  const { value } = read;
  if (!isObject(value)) return { kind: "other", what: "neither a template nor a policy document" };
  const keys = new Map(Object.keys(value).map((key) => [key.toLowerCase(), key]));
  if (isObject(value.Resources) || "AWSTemplateFormatVersion" in value) return template(text, path);
  if (isObject(value.deployment)) {
    return { kind: "other", what: "the export of a Pulumi stack: give it with --state" };
  }
  const statement = keys.get("statement");
  if (statement === undefined) return { kind: "other", what: "neither a template nor a policy document" };
  const statements: unknown[] = [value[statement]].flat();
  if (!statements.some((each) => has(each, "principal", "notprincipal"))) {
    return {
      kind: "source",
      source: {
        ...empty(path),
        guards: [resource("AWS::IAM::ManagedPolicy", path, { PolicyDocument: value })],
      },
    };
  }
  if (statements.every((each) => has(each, "resource", "notresource"))) {
    return { kind: "other", what: "the policy of a resource, such as a bucket, and no role's or user's" };
  }
  const role = resource("AWS::IAM::Role", path, { AssumeRolePolicyDocument: value });
  return { kind: "source", source: { ...empty(path), resources: [role] } };
}

function template(text: string, path: string): Recognized {
  const read = readTemplate(text);
  if (!read.ok) {
    const { where, found, allowed } = read.error;
    return {
      kind: "broken",
      problem: `${where === "" ? "" : `${where}: `}found ${found}; allowed is ${allowed}`,
    };
  }
  const holder = resource("aws:cloudformation/stack:Stack", path, { templateBody: text });
  return { kind: "source", source: { ...empty(path), resources: [holder] } };
}

function empty(path: string): Source {
  return { kind: "file", name: path, file: path, resources: [] };
}

function resource(type: string, path: string, props: Readonly<Record<string, unknown>>): Resource {
  const name = path.replaceAll("\\", "/").split("/").at(-1) ?? path;
  return { urn: path, type, name, props, dependencies: {}, secretOutputs: [] };
}

function has(statement: unknown, ...elements: readonly string[]): boolean {
  return isObject(statement) && Object.keys(statement).some((key) => elements.includes(key.toLowerCase()));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
