import { Unknown } from "aws-mfa-policy-pack/iam";
import type { Resource } from "aws-mfa-policy-pack/iam-graph";
import { few } from "aws-mfa-policy-pack/messages";
import { z } from "zod";
import { Failure } from "../../failure";
import { fileInput } from "../file/resource";
import { type AuditInput, repeated } from "../input";
import { parseAs } from "../schema";
import { notEvaluated } from "../trouble";
import { configuredModule, type Instance, References } from "./references";
import { camelCase, TERRAFORM_TYPES, type TerraformType } from "./resource-types";

const attributes = z.record(z.string(), z.unknown());

/** Values of a state or a plan. Source: Terraform, "JSON Output Format", values representation. */
interface Values {
  readonly address?: string | undefined;
  readonly resources?: readonly z.output<typeof valuesResource>[] | undefined;
  readonly child_modules?: readonly Values[] | undefined;
}
const valuesResource = z.looseObject({
  address: z.string(),
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  values: attributes.nullish(),
  sensitive_values: z.unknown().optional(),
  deposed_key: z.string().optional(),
});
const valuesModule: z.ZodType<Values> = z.lazy(() =>
  z.looseObject({
    address: z.string().optional(),
    resources: z.array(valuesResource).optional(),
    child_modules: z.array(valuesModule).optional(),
  }),
);
const values = z.looseObject({ root_module: valuesModule.optional() });

/** The output of `terraform show -json` for a plan. */
const plan = z.looseObject({
  planned_values: values,
  resource_changes: z
    .array(
      z.looseObject({
        address: z.string(),
        type: z.string().optional(),
        deposed: z.string().optional(),
        change: z.looseObject({
          actions: z.array(z.string()).default([]),
          after_unknown: z.unknown().optional(),
        }),
      }),
    )
    .optional(),
  configuration: z.looseObject({ root_module: configuredModule.optional() }).optional(),
  errored: z.boolean().optional(),
  complete: z.boolean().optional(),
});
/** Its output for a state; an empty one has no values. */
const shown = z.looseObject({ format_version: z.string(), values: values.optional() });
/** A state file. Its format is not documented, but has been the same since Terraform 0.12. */
const stored = z.looseObject({
  resources: z.array(
    z.looseObject({
      module: z.string().optional(),
      mode: z.string(),
      type: z.string(),
      name: z.string(),
      provider: z.string().optional(),
      instances: z.array(
        z.looseObject({
          index_key: z.union([z.string(), z.number()]).nullish(),
          deposed: z.string().optional(),
          attributes: attributes.nullish(),
          sensitive_attributes: z.array(z.array(z.looseObject({ value: z.unknown() }))).nullish(),
        }),
      ),
    }),
  ),
});

/** A resource that exists, or will exist once the plan is applied. */
interface Managed extends Instance {
  readonly declares: TerraformType;
  readonly address: string;
  readonly provider?: string | undefined;
  /** Whether it is pending deletion, beside its replacement. */
  readonly isDeposed: boolean;
}

const REMEDY = "Create one: terraform show -json PLAN-OR-STATE";
const FORGOTTEN = "Once they are forgotten, audit the account itself: aws-mfa audit";
const INCOMPLETE = {
  problem: "The plan is incomplete.",
  remedy: "Fix the errors that terraform plan reports, then plan again.",
};

/**
 * Reads a plan or a state of Terraform or OpenTofu: the output of `show -json`, or a state file of version 4. Sensitive values, and
 * those that are known only after apply, are unknown to the rules. `undefined` for anything else.
 *
 * @throws Failure (`unseen`) if it cannot be read
 */
export function readTerraform(
  value: Readonly<Record<string, unknown>>,
  path: string,
): AuditInput | undefined {
  if ("encrypted_data" in value && "encryption_version" in value) {
    throw new Failure("unseen", "It is an encrypted state of OpenTofu.", "Create one: tofu show -json");
  }
  if ("terraform_version" in value && "version" in value) {
    if (value.version !== 4)
      throw unreadable(`It is a Terraform state of version ${String(value.version)}; expected 4.`);
    return inputOf(path, instancesOf(parsed(stored, value, "a Terraform state"), path));
  }
  if (typeof value.format_version !== "string") return undefined;
  if (!("planned_values" in value || "values" in value || "terraform_version" in value)) return undefined;
  if (!/^[01]\./.test(value.format_version)) {
    throw unreadable(`It has Terraform's format ${value.format_version}; expected 1.x.`);
  }
  return "planned_values" in value
    ? planned(parsed(plan, value, "the output of terraform show -json for a plan"), path)
    : shownState(parsed(shown, value, "the output of terraform show -json for a state"), path);
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  return parseAs(schema, value, `It is not ${what}`, REMEDY);
}

function unreadable(problem: string): Failure {
  return new Failure("unseen", problem, REMEDY);
}

function planned(
  { planned_values, resource_changes = [], configuration, errored, complete }: z.output<typeof plan>,
  path: string,
): AuditInput {
  const present = resource_changes.filter(({ deposed }) => deposed === undefined);
  const unknown = new Map(present.map(({ address, change }) => [address, change.after_unknown]));
  const instances = managedIn(planned_values.root_module ?? {}, path, unknown);
  const references = new References(configuration?.root_module ?? {}, instances);
  const forgotten = present.flatMap(({ address, type = "", change }) =>
    change.actions.includes("forget") && TERRAFORM_TYPES.has(type) ? [address] : [],
  );
  const isComplete = errored !== true && complete !== false;
  const { trouble, ...input } = inputOf(path, instances, references);
  return {
    ...input,
    trouble:
      notEvaluated(forgotten, "Terraform will forget still exist", FORGOTTEN) ??
      (isComplete ? trouble : INCOMPLETE),
  };
}

/** For a state, `show -json` does not print the provider of a resource. Only its ARN shows its account. */
function shownState({ values: all }: z.output<typeof shown>, path: string): AuditInput {
  const instances = managedIn(all?.root_module ?? {}, path).map((each) => ({
    ...each,
    provider: accountIn(each),
  }));
  const accounts = new Set(instances.flatMap(({ provider }) => provider ?? []));
  if (accounts.size < 2) return inputOf(path, instances);
  const note =
    "It has resources of several accounts, and does not say to which one an attachment belongs. The state file (.tfstate) does.";
  return { ...inputOf(path, instances.map(withUnknownNames)), notes: [note] };
}

function accountIn({ values: { arn } }: Managed): string | undefined {
  return typeof arn === "string" ? arn.split(":")[4] || undefined : undefined;
}

/** Unless its account is known, a name may be that of a resource in another account. */
function withUnknownNames(instance: Managed): Managed {
  if (instance.provider !== undefined) return instance;
  const { attributes: names, naming } = instance.declares;
  const unknown = [...naming].map((key): [string, unknown] => [names.get(key) ?? key, new Unknown(key)]);
  return { ...instance, values: { ...instance.values, ...Object.fromEntries(unknown) } };
}

function inputOf(path: string, all: readonly Managed[], references?: References): AuditInput {
  const present = all.filter(({ isDeposed }) => !isDeposed);
  const twice = repeated(present.map(({ address }) => address));
  if (twice.length > 0) throw unreadable(`It has more than one resource of the address ${few(twice)}.`);
  const deposed = all.flatMap(({ address, isDeposed }) => (isDeposed ? [address] : []));
  return {
    ...fileInput(
      path,
      present.map((each) => resourceOf(each, references)),
    ),
    isDeployed: references === undefined,
    trouble: notEvaluated(deposed, "are pending deletion still exist", "Let terraform apply delete them."),
  };
}

function resourceOf(instance: Managed, references: References | undefined): Resource {
  const { declares, address, urn, values: given } = instance;
  const { type, row, attributes: names, naming } = declares;
  const lists = row !== undefined && "inline" in row ? [row.inline?.list] : [];
  const props = [...names].flatMap(([key, attribute]): [string, unknown][] => {
    const value = given[attribute];
    if (value === undefined || value === null) return [];
    if (lists.includes(key)) return [[key, blocksIn(value)]];
    // A reference names one resource, in whichever account it is; its name alone may be that of another.
    return [
      [key, naming.has(key) && references?.isNamed(instance, attribute, value) ? new Unknown(key) : value],
    ];
  });
  const provider = instance.provider ?? references?.providerOf(instance);
  return {
    urn,
    type,
    name: address,
    props: Object.fromEntries(props),
    dependencies: references === undefined ? {} : dependenciesOf(props, names, instance, references),
    secretOutputs: [],
    ...(provider !== undefined && { provider }),
  };
}

/** Only for properties with unknown values: a known text names its resource itself. */
function dependenciesOf(
  props: readonly (readonly [string, unknown])[],
  names: ReadonlyMap<string, string>,
  instance: Managed,
  references: References,
): Resource["dependencies"] {
  const unknown = props.filter(([, value]) => [value].flat().some((each) => each instanceof Unknown));
  return Object.fromEntries(
    unknown.map(([key]) => [key, references.urnsIn(instance, names.get(key) ?? key)]),
  );
}

/** Nested blocks with the pack's names. An empty block is the same as none. */
function blocksIn(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  return list.flatMap((block: unknown) => {
    if (typeof block !== "object" || block === null || block instanceof Unknown) return [block];
    const entries = Object.entries(block).filter(([, each]) => each !== null && each !== "");
    return entries.length === 0
      ? []
      : [Object.fromEntries(entries.map(([key, each]) => [camelCase(key), each]))];
  });
}

/**
 * The resources of a plan, or of a state as `show -json` prints it, that the audit reads.
 *
 * @param unknown by address, the values that are known only after apply
 */
function managedIn(module: Values, path: string, unknown?: ReadonlyMap<string, unknown>): readonly Managed[] {
  const own = (module.resources ?? []).flatMap((each): Managed[] => {
    const declares = typeOf(each);
    if (declares === undefined) return [];
    const { address, type, name, deposed_key } = each;
    const values = { ...each.values };
    hide(values, unknown?.get(address));
    hide(values, each.sensitive_values);
    return [
      {
        ...{ urn: `${path}#${address}`, declares, address, module: module.address ?? "", type, name, values },
        isDeposed: deposed_key !== undefined,
      },
    ];
  });
  return [...own, ...(module.child_modules ?? []).flatMap((child) => managedIn(child, path, unknown))];
}

/** `undefined` for data sources, and for types that the audit does not read. */
function typeOf({ mode, type }: { readonly mode: string; readonly type: string }): TerraformType | undefined {
  return mode === "managed" ? TERRAFORM_TYPES.get(type) : undefined;
}

/** Replaces each value whose mark is `true` by an `Unknown`. `marks` has the structure of the values, without what is not marked. */
function hide(target: Record<string, unknown>, marks: unknown): void {
  if (typeof marks !== "object" || marks === null) return;
  for (const [key, mark] of Object.entries(marks)) target[key] = hidden(target[key], mark, key);
}

function hidden(value: unknown, mark: unknown, key: string): unknown {
  if (mark === true) return new Unknown(key);
  if (Array.isArray(mark)) {
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    const length = Math.max(list.length, mark.length);
    if (value === undefined && length === 0) return value;
    return Array.from({ length }, (_, nth) => hidden(list[nth], mark[nth], key));
  }
  if (typeof mark !== "object" || mark === null) return value;
  const inner = { ...(typeof value === "object" ? value : undefined) };
  if (value === undefined && Object.keys(mark).length === 0) return value;
  hide(inner, mark);
  return inner;
}

function instancesOf({ resources }: z.output<typeof stored>, path: string): readonly Managed[] {
  return resources.flatMap((each) => {
    const declares = typeOf(each);
    if (declares === undefined) return [];
    const { module = "", type, name, provider } = each;
    const base = [module, type, name].filter(Boolean).join(".");
    return each.instances.map((instance): Managed => {
      const { index_key: index, deposed, attributes: known, sensitive_attributes } = instance;
      const address = index === undefined || index === null ? base : `${base}[${JSON.stringify(index)}]`;
      const secret = (sensitive_attributes ?? []).map(([first]) => [String(first?.value), true]);
      const values = { ...known };
      hide(values, Object.fromEntries(secret));
      return {
        ...{ urn: `${path}#${address}`, declares, address, module, type, name, provider, values },
        isDeposed: deposed !== undefined,
      };
    });
  });
}
