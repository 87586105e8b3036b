import type { ExampleResource } from "../../policy-pack/rules/example";

/** A resource as the engine would hand it to a pack, with properties wrapped as the engine wraps them. */
export interface Analyzed extends ExampleResource {
  /** Profile of a provider, and the region after a slash; resources of different profiles are in different accounts. */
  readonly provider?: string;
}

/** What a policy said about a resource. */
export interface Said {
  readonly policy: string;
  readonly level: "advisory" | "mandatory" | "disabled" | "remediate";
  readonly message: string;
  /** The resource's name. */
  readonly about: string;
}

/** Wraps a value as the engine wraps a secret. */
export function secret(value: unknown): unknown {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

export function urnOf(type: string, name: string): string {
  return `urn:pulumi:dev::example::${type}::${name}`;
}

/** The properties of a resource's provider. */
export function providerProps(provider: string): { readonly profile: string; readonly region: string } {
  const [profile = "", region = "us-east-1"] = provider.split("/");
  return { profile, region };
}
