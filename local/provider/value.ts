import type { Properties } from "./kind";

/** Marks an unknown value in the protocol between engine and provider. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";

/** The plain value of a secret, and the id of a resource. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isRecord(value)) return value;
  if (value[SIGNATURE] === SECRET) return plain(value.value);
  if (value[SIGNATURE] === RESOURCE) return value.id === "" || value.id === undefined ? UNKNOWN : value.id;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

export function plainProperties(value: unknown): Properties {
  const result = plain(value);
  return isRecord(result) ? result : {};
}

/** Whether the value contains a secret. */
function holdsSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  if (!isRecord(value)) return false;
  return value[SIGNATURE] === SECRET || Object.values(value).some(holdsSecret);
}

function secret(value: unknown): unknown {
  return { [SIGNATURE]: SECRET, value };
}

/** `properties`, with those secret that are secret in `wrapped`, so that the engine encrypts them. */
export function rewrapped(properties: Properties, wrapped: unknown): Properties {
  const was = isRecord(wrapped) ? wrapped : {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, holdsSecret(was[name]) ? secret(value) : value]),
  );
}

export function holdsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return isRecord(value) && Object.values(value).some(holdsUnknown);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A property that must be a string. */
export function text(properties: Properties, name: string): string {
  const value = properties[name];
  if (typeof value !== "string") throw new Error(`${name}: expected a string, got ${describe(value)}`);
  return value;
}

export function optionalText(properties: Properties, name: string): string | undefined {
  return properties[name] === undefined || properties[name] === "" ? undefined : text(properties, name);
}

export function optionalNumber(properties: Properties, name: string): number | undefined {
  const value = properties[name];
  if (value === undefined) return undefined;
  if (typeof value !== "number") throw new Error(`${name}: expected a number, got ${describe(value)}`);
  return value;
}

export function texts(properties: Properties, name: string): string[] {
  const value = properties[name] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
    throw new Error(`${name}: expected a list of strings, got ${describe(value)}`);
  }
  return value;
}

/** The type of a value: the value itself may be a secret. */
function describe(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
}
