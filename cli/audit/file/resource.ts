import type { Resource } from "aws-mfa-policy-pack/iam-graph";
import type { AuditInput } from "../input";

export type Json = Readonly<Record<string, unknown>>;

export function fileInput(path: string, resources: readonly Resource[]): AuditInput {
  return { kind: "file", name: path, file: path, resources };
}

/** The resource that a file declares. */
export function resource(type: string, path: string, props: Json): Resource {
  const name = path.replaceAll("\\", "/").split("/").at(-1) ?? path;
  return { urn: path, type, name, props, dependencies: {}, secretOutputs: [] };
}

/** The key as the object has it: AWS ignores case. */
export function keyOf(value: Json, key: string): string | undefined {
  return Object.keys(value).find((each) => each.toLowerCase() === key);
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
