import { Unknown } from "aws-mfa-policy-pack/iam";
import { RESOURCE_TYPES, type Resource, readResource } from "aws-mfa-policy-pack/iam-graph";
import { few } from "aws-mfa-policy-pack/messages";
import { z } from "zod";
import { Failure } from "../../failure";
import { type AuditInput, repeated } from "../input";
import { propertiesRead } from "../limits/organization-types";

/** How Pulumi marks a secret in a state, and a value that is not known. Source: Pulumi SDK, `sdk/go/common/resource`. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** What a preview prints in place of a secret. */
const HIDDEN = "[secret]";

const properties = z.record(z.string(), z.unknown());
/** A resource as states and previews have it. */
export const stateResource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  delete: z.boolean().optional(),
  pendingReplacement: z.boolean().optional(),
  inputs: properties.optional(),
  outputs: properties.optional(),
  provider: z.string().optional(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).optional(),
  additionalSecretOutputs: z.array(z.string()).optional(),
});
type StateResource = z.output<typeof stateResource>;

const exported = z.looseObject({
  version: z.number(),
  deployment: z.looseObject({
    resources: z.array(stateResource).nullish(),
    pending_operations: z
      .array(z.looseObject({ type: z.string(), resource: z.looseObject({ urn: z.string() }) }))
      .nullish(),
  }),
});

/**
 * Reads what `pulumi stack export` prints. Encrypted values stay encrypted, and those of `--show-secrets` are not looked
 * at either: both are unknown to the rules.
 *
 * @throws Failure (`unseen`) where it is something else
 */
export function readState(state: unknown, path: string): AuditInput {
  const parsed = exported.safeParse(state);
  if (!parsed.success) {
    const places = [...new Set(parsed.error.issues.map(({ path: at }) => at.join(".") || "the whole"))];
    throw new Failure(
      "unseen",
      `${path === "-" ? "Standard input" : path} is not the export of a Pulumi stack: see ${places.slice(0, 5).join(", ")}.`,
      "Create one: pulumi stack export --file state.json",
    );
  }
  const { resources, pending_operations } = parsed.data.deployment;
  const all = resources ?? [];
  // What an interrupted update was deleting, and what is deleted before it is replaced, may be gone. Source: Pulumi SDK, `apitype`.
  const deleting = new Set(
    (pending_operations ?? []).flatMap(({ type, resource }) => (type === "deleting" ? [resource.urn] : [])),
  );
  const isPresent = (each: StateResource) =>
    each.delete !== true && each.pendingReplacement !== true && !deleting.has(each.urn);
  // A replaced resource waits for its deletion under the URN of the one that replaced it.
  const present = all.filter(isPresent);
  assertUnique(present, path);
  const waiting = all.filter((each) => !isPresent(each) && RESOURCE_TYPES.has(each.type));
  return {
    ...stackOf(present, nameOf(all) ?? path),
    isDeployed: true,
    ...(waiting.length > 0 && {
      trouble: {
        problem: `Resources that are pending deletion or replacement may still exist, and were not evaluated: ${few(waiting.map(({ urn }) => urn))}.`,
        remedy: "Let pulumi up delete or replace them.",
        notLookedAt: { resources: waiting.length },
      },
    }),
  };
}

/** What the rules need to know of the resources of a stack. */
export function stackOf(
  present: readonly StateResource[],
  name: string,
): Pick<AuditInput, "kind" | "name" | "resources"> {
  const providers = new Map(
    present.flatMap(({ urn, type, inputs = {} }) =>
      type.startsWith("pulumi:providers:") ? [[urn, without(inputs)]] : [],
    ),
  );
  const resources = present.flatMap((each) => {
    const only = propertiesRead(each.type);
    return only === undefined ? [] : [read(each, only, providers)];
  });
  return { kind: "state", name, resources };
}

/** Pulumi itself refuses such a state. */
function assertUnique(resources: readonly StateResource[], path: string): void {
  const twice = repeated(resources.map(({ urn }) => urn));
  if (twice.length === 0) return;
  throw new Failure(
    "unseen",
    `${path === "-" ? "Standard input" : path} has more than one resource with the URN ${few(twice)}.`,
    "Remove the one that no longer exists: pulumi state edit",
  );
}

function read(
  each: StateResource,
  only: readonly string[],
  providers: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
): Resource {
  const { urn, type, id, inputs = {}, outputs = {}, additionalSecretOutputs = [] } = each;
  const named = id === undefined || id === "" ? {} : { id };
  // A reference to a provider is its URN and its id.
  const provider = each.provider?.slice(0, each.provider.lastIndexOf("::"));
  const signIn = provider === undefined ? undefined : providers.get(provider);
  return readResource(
    {
      urn,
      type,
      name: urn.slice(urn.lastIndexOf("::") + 2),
      props: without({ ...named, ...inputs, ...outputs }),
      ...(provider !== undefined && { provider: { urn: provider, ...(signIn && { props: signIn }) } }),
      opts: { additionalSecretOutputs },
      propertyDependencies: Object.fromEntries(
        Object.entries(each.propertyDependencies ?? {}).map(([key, urns]) => [
          key,
          (urns ?? []).map((dependency) => ({ urn: dependency })),
        ]),
      ),
    },
    only,
  );
}

/** `organization/project/stack` is not in a state; project and stack are in every URN. */
export function nameOf(resources: readonly StateResource[]): string | undefined {
  const [, stack, project] = /^urn:pulumi:([^:]*)::([^:]*)::/.exec(resources[0]?.urn ?? "") ?? [];
  return stack === undefined || project === undefined ? undefined : `${project}/${stack}`;
}

/** The values without secrets and unknown ones, with an `Unknown` in place of each. */
function without(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, hidden(value, key)]));
}

function hidden(value: unknown, key: string): unknown {
  if (value === UNKNOWN || value === HIDDEN) return new Unknown(key);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value) return new Unknown(key);
  if (Array.isArray(value)) return value.map((each: unknown) => hidden(each, key));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, hidden(each, name)]));
}
