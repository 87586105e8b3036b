import { Unknown } from "aws-mfa-policy-pack/iam";
import { RESOURCE_TYPES, type Resource, readResource } from "aws-mfa-policy-pack/iam-graph";
import { few } from "aws-mfa-policy-pack/messages";
import { z } from "zod";
import { Failure } from "../../failure";
import { named } from "../../input";
import { type AuditInput, repeated } from "../input";
import { propertiesRead } from "../limits/organization-types";
import { parseAs } from "../schema";
import { notEvaluated } from "../trouble";

/** Pulumi's marks of a secret in a state, and of a value that is not known. Source: Pulumi SDK, `sdk/go/common/resource`. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** A preview has this for each secret. */
const HIDDEN = "[secret]";

const properties = z.record(z.string(), z.unknown());
/** A resource in a state or a preview. */
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
 * Reads the output of `pulumi stack export`. Encrypted values, and those that `--show-secrets` decrypts, are unknown to the rules.
 *
 * @throws Failure (`unseen`) for anything else, and if a URN occurs twice
 */
export function readState(state: unknown, path: string): AuditInput {
  const problem = `${named(path)} is not the export of a Pulumi stack`;
  const remedy = "Create one: pulumi stack export --file state.json";
  const { resources, pending_operations } = parseAs(exported, state, problem, remedy).deployment;
  const all = resources ?? [];
  // An interrupted update may have deleted these, as may one that deletes before it replaces. Source: Pulumi SDK, `apitype`.
  const deleting = new Set(
    (pending_operations ?? []).flatMap(({ type, resource }) => (type === "deleting" ? [resource.urn] : [])),
  );
  const isPresent = (each: StateResource) =>
    each.delete !== true && each.pendingReplacement !== true && !deleting.has(each.urn);
  // A replaced resource that is pending deletion has the URN of its replacement.
  const present = all.filter(isPresent);
  assertUnique(present, path);
  const pending = all.filter((each) => !isPresent(each) && RESOURCE_TYPES.has(each.type));
  return {
    ...stackOf(present, nameOf(all) ?? path),
    isDeployed: true,
    trouble: notEvaluated(
      pending.map(({ urn }) => urn),
      "are pending deletion or replacement may still exist",
      "Let pulumi up delete or replace them.",
    ),
  };
}

/** The resources of a stack that the audit reads, as the rules read them. */
export function stackOf(
  present: readonly StateResource[],
  name: string,
): Pick<AuditInput, "kind" | "name" | "resources"> {
  const providers = new Map(
    present.flatMap(({ urn, type, inputs = {} }) =>
      type.startsWith("pulumi:providers:") ? [[urn, withUnknowns(inputs)]] : [],
    ),
  );
  const resources = present.flatMap((each) => {
    const only = propertiesRead(each.type);
    return only === undefined ? [] : [read(each, only, providers)];
  });
  return { kind: "state", name, resources };
}

/** Pulumi rejects such a state, too. */
function assertUnique(resources: readonly StateResource[], path: string): void {
  const twice = repeated(resources.map(({ urn }) => urn));
  if (twice.length === 0) return;
  throw new Failure(
    "unseen",
    `${named(path)} has more than one resource with the URN ${few(twice)}.`,
    "Remove the one that no longer exists: pulumi state edit",
  );
}

function read(
  each: StateResource,
  only: readonly string[],
  providers: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
): Resource {
  const { urn, type, id, inputs = {}, outputs = {}, additionalSecretOutputs = [] } = each;
  // The URN and the id of the provider.
  const provider = each.provider?.slice(0, each.provider.lastIndexOf("::"));
  const configured = provider === undefined ? undefined : providers.get(provider);
  return readResource(
    {
      urn,
      type,
      name: urn.slice(urn.lastIndexOf("::") + 2),
      props: withUnknowns({ ...(id && { id }), ...inputs, ...outputs }),
      ...(provider !== undefined && {
        provider: { urn: provider, ...(configured && { props: configured }) },
      }),
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

/** `project/stack`, from a URN: a state does not have the organization. */
export function nameOf(resources: readonly StateResource[]): string | undefined {
  const [, stack, project] = /^urn:pulumi:([^:]*)::([^:]*)::/.exec(resources[0]?.urn ?? "") ?? [];
  return stack === undefined || project === undefined ? undefined : `${project}/${stack}`;
}

/** The values, with an `Unknown` for each secret and each value that is not known. */
function withUnknowns(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, hidden(value, key)]));
}

function hidden(value: unknown, key: string): unknown {
  if (value === UNKNOWN || value === HIDDEN) return new Unknown(key);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value) return new Unknown(key);
  if (Array.isArray(value)) return value.map((each: unknown) => hidden(each, key));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, hidden(each, name)]));
}
